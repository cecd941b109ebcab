"""The contract document: YAML in, a typed `Contract` or findings with file and line out."""

from authz.document.findings import Finding, Report
from authz.document.model import Contract
from authz.document.reading import read_contract, read_contract_text

__all__ = ["Contract", "Finding", "Report", "read_contract", "read_contract_text"]
