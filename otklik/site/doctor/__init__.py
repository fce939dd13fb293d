"""`otklik doctor`: what is wrong with this installation, and what to do about each thing."""

from __future__ import annotations

import json
import sys

from otklik.env import Env, env
from otklik.site.doctor import database, machine, mail, network, work
from otklik.site.doctor.finding import Check, Finding

CHECKS: tuple[Check, ...] = (
    machine.home, machine.rights, machine.owner, machine.key, database.database, database.replica,
    database.notices, database.tables, machine.key_fits, machine.zone, machine.past, network.ports, network.address,
    work.processes, work.jobs,
    mail.boxes, mail.fuses, mail.envelopes, mail.deliveries, mail.alarms, mail.stored, work.news, work.owners,
    work.administrator, work.backups,
)  # fmt: skip


def look(installation: Env) -> list[tuple[str, Finding]]:
    """Every finding with the name of its check."""
    return [(check.__name__, finding) for check in CHECKS for finding in check(installation)]


def tell(*, as_json: bool = False) -> int:
    """Print every finding; returns 1 if something isn't good, else 0."""
    findings = look(env())
    bad = sum(not finding.good for _name, finding in findings)
    if as_json:
        sys.stdout.write(json.dumps([_told(*one) for one in findings], ensure_ascii=False, indent=1) + "\n")
        return 1 if bad else 0
    for _name, finding in findings:
        sys.stdout.write(f"{'!' if finding.warns else '✓' if finding.good else '✗'} {finding.text}\n")
        if finding.warns or not finding.good:
            sys.stdout.write(f"  → {finding.advice}\n")
    sys.stdout.write("Всё в порядке.\n" if not bad else f"Требует внимания: {bad}.\n")
    return 1 if bad else 0


def _told(name: str, finding: Finding) -> dict[str, object]:
    return {
        "check": name,
        "good": finding.good,
        "warns": finding.warns,
        "text": finding.text,
        "advice": finding.advice if finding.warns or not finding.good else "",
    }
