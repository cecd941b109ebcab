"""Reports over the log: for data subjects (who looked at me), about one user, and about signs of misuse.

In: a log. Out: a `Report`, which `csv`, `html` and `text` put into form, in Latvian or English.
"""

from authz.audit.report.form import Report, Section, as_csv, as_html
from authz.audit.report.misuse import misuse_report
from authz.audit.report.person import Subject, person_report
from authz.audit.report.rules import MisuseRules, Relation, read_relations
from authz.audit.report.user import user_report
from authz.audit.report.words import Language

__all__ = [
    "Language",
    "MisuseRules",
    "Relation",
    "Report",
    "Section",
    "Subject",
    "as_csv",
    "as_html",
    "misuse_report",
    "person_report",
    "read_relations",
    "user_report",
]
