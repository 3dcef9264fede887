"""The command ``deepcrit``: run, predict its cost, show verdicts and tables, keep and compare, trace, diagnose."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from deepcrit.app.config import ConfigError, load_checked
from deepcrit.app.engine import LaunchError
from deepcrit.app.launch import HeldError, RunOptions, run_workflow
from deepcrit.app.launch.scoreboard import scoreboard, whereabouts

LOST, REFUSED = 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    It is 2 for what cannot be started, with a message, and 1 for a comparison in which a reproduced claim is lost.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # on a terminal that has fewer letters than UTF-8
    given = list(sys.argv[1:] if arguments is None else arguments)
    extra: list[str] = []
    if "--" in given:
        at = given.index("--")
        given, extra = given[:at], given[at + 1 :]
    options = _parser().parse_args(given)
    try:
        return _perform(options, extra)
    except (ConfigError, HeldError, LaunchError) as error:
        return _refuse(error)
    except BrokenPipeError:
        # whoever read our output, head for one, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _refuse(f"{error.filename}: {error.strerror}" if error.filename else error)
    except KeyboardInterrupt:
        print("\ndeepcrit: interrupted; the same command goes on from there.", file=sys.stderr)
        return 130


def _perform(options: argparse.Namespace, extra: Sequence[str]) -> int:
    root = Path.cwd()
    if options.command == "run":
        targets = options.targets or ["all"]
        return run_workflow(RunOptions(targets, options.cores, options.configfile, options.dry_run, extra))
    if options.command == "cost":
        # Snakemake takes most of a second to import, which other commands are spared
        from deepcrit.app.cost import predict

        return predict(options.targets or ["all"], options.configfile, options.tsv)
    if options.command == "check":
        load_checked(root, options.configfile)
        print("ok")
        return 0
    if options.command == "scoreboard":
        # as in the scoreboard itself
        from deepcrit.core.tables import TableError

        try:
            print(scoreboard(root, options.only, colour=sys.stdout.isatty()), whereabouts(root), sep="\n\n")
        except FileNotFoundError:
            return _refuse("there is no scoreboard yet; make (or deepcrit run) makes one")
        except (TableError, ValueError) as error:
            return _refuse(error)
        return 0
    if options.command == "describe":
        # as in the scoreboard
        from deepcrit.app.describe import DescribeError, describe
        from deepcrit.core.tables import TableError

        try:
            print(describe(options.table, root), end="")
        except (DescribeError, TableError) as error:
            return _refuse(error)
        return 0
    if options.command == "diagnose":
        return _diagnose(options)
    if options.command == "record":
        return _record(options.results, root)
    if options.command == "compare":
        return _compare(options.before, options.after, options.junit, root)
    return _trace(options.claim, options.configfile, root)


def _diagnose(options: argparse.Namespace) -> int:
    # torch takes seconds to import, and not everyone has it
    from deepcrit.app.diagnose import DiagnoseOptions, diagnose_command
    from deepcrit.diagnosis.measuring import DiagnosisError

    named = {name: value for name, value in vars(options).items() if name != "command"}
    try:
        print(diagnose_command(DiagnoseOptions(**named)))
    except DiagnosisError as error:
        return _refuse(error)
    return 0


def _record(results: Path, root: Path) -> int:
    # as in a comparison, claims and tables take a second to import
    from deepcrit.claims.model import ClaimError, load_claims
    from deepcrit.core.tables import TableError, written_aside
    from deepcrit.record.keeping import RecordError, keep
    from deepcrit.record.readme import readme_with_record

    try:
        claims = [claim for path in sorted((root / "claims").glob("*.yaml")) for claim in load_claims(path).claims]
        best = keep(results, root / "record", claims)
        told = readme_with_record((root / "README.md").read_text(encoding="utf-8"), root / "record")
    except (ClaimError, RecordError, TableError, ValueError) as error:
        return _refuse(error)
    with written_aside(root / "README.md") as aside:
        aside.write_text(told, encoding="utf-8")
    of = ", ".join(f"{number} of scale {scale}" for scale, number in best["scale"].value_counts(sort=False).items())
    print(f"record/ holds the verdict of the best run on each of {len(best)} claims: {of}. README.md tells them.")
    return 0


def _compare(before: Path, after: Path, junit: Path | None, root: Path) -> int:
    from deepcrit.claims.model import ClaimError, load_claims
    from deepcrit.core.tables import TableError
    from deepcrit.record.comparing import compare_outcomes
    from deepcrit.record.outcome import outcome_in

    try:
        claims = [claim for path in sorted((root / "claims").glob("*.yaml")) for claim in load_claims(path).claims]
        compared = compare_outcomes(outcome_in(before), outcome_in(after), claims)
    except (ClaimError, TableError) as error:
        return _refuse(error)
    print(compared.text)
    if junit is not None:
        from deepcrit.record.junit import write_junit

        write_junit(compared, junit)
    return LOST if compared.lost else 0


def _trace(claim: str, configfiles: Sequence[str], root: Path) -> int:
    # reads tables and claims, which no other command does
    from deepcrit.app.trace import TraceError, trace
    from deepcrit.claims.model import ClaimError
    from deepcrit.core.tables import TableError

    try:
        print(trace(claim, root, configfiles), end="")
    except (ClaimError, TableError, TraceError) as error:
        return _refuse(error)
    return 0


def _cores(text: str) -> str:
    if text != "all" and not (text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"found {text!r}, expected all or a number of at least 1")
    return text


def _positive(text: str) -> int:
    if not (text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"found {text!r}, expected a number of at least 1")
    return int(text)


def _refuse(message: object) -> int:
    print(f"deepcrit: {message}", file=sys.stderr)
    return REFUSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="deepcrit", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    files = {"nargs": "+", "default": [], "metavar": "FILE", "help": "overlays of config.yaml, applied in order"}

    running = commands.add_parser(
        "run",
        help="bring targets up to date and show them",
        epilog="Everything after -- goes to Snakemake, for example: deepcrit run all -- --profile slurm",
    )
    running.add_argument("targets", nargs="*", metavar="TARGET", help="rules or files; by default all")
    running.add_argument("--cores", type=_cores, default="all", help="jobs at a time; by default one a core")
    running.add_argument("--configfile", **files)  # type: ignore[arg-type]
    running.add_argument("-n", "--dry-run", action="store_true", help="only say what would be done, and how long")

    costing = commands.add_parser("cost", help="predict time, memory and disk of a run, from a minute of measurements")
    costing.add_argument("targets", nargs="*", metavar="TARGET", help="rules or files; by default all")
    costing.add_argument("--configfile", **files)  # type: ignore[arg-type]
    costing.add_argument("--tsv", type=Path, metavar="FILE", help="write the table there, too")

    checking = commands.add_parser(
        "check",
        help="check the configuration and run nothing",
        description="Check config.yaml with overlays: every unknown key, wrong type, impossible value and "
        "contradiction is named, with what was expected. Prints ok, with status 0, if it can be run.",
    )
    checking.add_argument("--configfile", **files)  # type: ignore[arg-type]

    showing = commands.add_parser(
        "scoreboard",
        help="print the verdicts that are there",
        description="Print the verdicts of the last run, by paper: each claim with the published value, ours with its "
        "95%% interval, and whether it is reproduced, differs, is undecided, not testable here, or ill-posed.",
        epilog="For example: deepcrit scoreboard paper=vock2025 verdict=differs",
    )
    showing.add_argument(
        "only", nargs="*", metavar="COLUMN=VALUE", help="show only rows of results/scoreboard.tsv with this"
    )

    describing = commands.add_parser(
        "describe",
        help="say what a table holds, and which rule writes it",
        description="Print the columns of a table with their types, units and meaning, and the rule that writes it; "
        "docs/tables.md has all tables.",
        epilog="For example: deepcrit describe mean_field/landmarks, or deepcrit describe results/scoreboard.tsv",
    )
    describing.add_argument("table", metavar="TABLE", help="name of a table, or a file of results/")

    diagnosing = commands.add_parser(
        "diagnose",
        help="say where a network stands by every notion of criticality",
        description="Measure avalanches, branching and Lyapunov exponents, tails of weights, multifractality of layer "
        "Jacobians and the graph of neurons of one network, each with an interval and what random weights or signals "
        "give. Needs no configuration and no workflow. See docs/diagnose.md.",
        epilog="For example: deepcrit diagnose resnet18 --html resnet18.html, or deepcrit diagnose mymodel.net:build "
        "--checkpoint 'run/*.pt' --inputs batch.pt",
    )
    diagnosing.add_argument("network", metavar="NETWORK", help="a classifier of torchvision, or module:function")
    diagnosing.add_argument(
        "--weights",
        default="",
        metavar="DIRECTORY",
        help="directory with torchvision's file of weights; none for random initial ones; by default torch's own "
        "directory, into which they are downloaded",
    )
    diagnosing.add_argument(
        "--checkpoint",
        dest="checkpoints",
        nargs="+",
        default=[],
        metavar="FILE",
        help="state dicts; of several, or a pattern in quotes, each quantity is followed over them",
    )
    diagnosing.add_argument("--inputs", type=Path, metavar="FILE", help="one tensor (inputs, ...), by torch.save")
    diagnosing.add_argument("--shape", default="", metavar="1x28x28", help="Gaussian inputs of this shape instead")
    diagnosing.add_argument(
        "--number", type=_positive, default=512, metavar="N", help="inputs that are used, at most; by default 512"
    )
    diagnosing.add_argument("--seed", type=int, default=0, metavar="N", help="of all draws; by default 0")
    diagnosing.add_argument("--json", type=Path, metavar="FILE", help="write all of it there as JSON, with its tables")
    diagnosing.add_argument("--html", type=Path, metavar="FILE", help="write one page with pictures there")

    recording = commands.add_parser(
        "record",
        help="keep the verdicts of a finished run in record/",
        description="Put scoreboard, provenance and the tables behind verdicts of a finished run into record/, choose "
        "the best run of each claim, and write what that says into the README. A run that decided the claim is better "
        "than one that left it open, and of these the one at the larger scale.",
    )
    recording.add_argument(
        "results",
        nargs="?",
        type=Path,
        default=Path("results"),
        metavar="DIRECTORY",
        help="of a run; by default results",
    )

    comparing = commands.add_parser(
        "compare",
        help="hold the verdicts and values of two runs against each other",
        description="Say which verdicts are not the same in two directories of results, of which either may be record, "
        "and which values moved beyond their intervals. The status is 1 if a claim that was reproduced no longer is.",
        epilog="For example: deepcrit compare record results",
    )
    comparing.add_argument("before", type=Path, metavar="A", help="results, or record")
    comparing.add_argument("after", type=Path, metavar="B", help="results that are held against it")
    comparing.add_argument("--junit", type=Path, metavar="FILE", help="write it there as JUnit XML, too")

    tracing = commands.add_parser("trace", help="follow a verdict back to the tables and rules behind it")
    tracing.add_argument("claim", metavar="CLAIM", help="identifier of the claim, as on the scoreboard")
    tracing.add_argument("--configfile", **files)  # type: ignore[arg-type]
    return parser


if __name__ == "__main__":
    sys.exit(main())
