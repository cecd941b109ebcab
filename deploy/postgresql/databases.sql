-- A database for each register that is kept in PostgreSQL; `saite migrate` makes their tables.
CREATE DATABASE events;
CREATE DATABASE persons;
CREATE DATABASE vehicles;
