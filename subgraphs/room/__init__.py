"""What every room shares: rights directives, connections, filters, paging, the guard, the ASGI application, SQLite."""
