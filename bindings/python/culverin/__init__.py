"""The Culverin fault-proof engine: runs MIPS programs, commits to states, proves steps."""

from ._engine import (
    Analysis,
    Cancel,
    CulverinError,
    Machine,
    MachineSummary,
    Proof,
    Trace,
    TraceEnd,
    analyze_elf,
    prestate_hash,
    selftest,
    state_versions,
    version,
)

__version__ = version()

__all__ = [
    "Analysis",
    "Cancel",
    "CulverinError",
    "Machine",
    "MachineSummary",
    "Proof",
    "Trace",
    "TraceEnd",
    "__version__",
    "analyze_elf",
    "prestate_hash",
    "selftest",
    "state_versions",
    "version",
]
