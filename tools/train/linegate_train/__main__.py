"""python -m linegate_train <explore|search|validate|train|export|score> --config FILE --data FOLDER [--out FOLDER]"""

import argparse
import sys
from pathlib import Path

from .runtime import start_deterministic


def main() -> None:
    """Parses the command line and runs one step."""
    parser = argparse.ArgumentParser(prog="linegate_train", description=__doc__)
    parser.add_argument("step", choices=["explore", "search", "validate", "train", "export", "score"])
    parser.add_argument("--config", required=True, help="configs/<product>.yaml")
    parser.add_argument("--data", required=True, help="folder with manifest.csv or one folder a class")
    parser.add_argument("--out", default="out", help="where models and figures go (default: out)")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="e.g. train.epochs=10")
    parser.add_argument("--folds", help="validate: only these folds, e.g. 0,1")
    parser.add_argument("--trials", type=int, help="search: how many architectures, the config's own among them")
    parser.add_argument("--epochs", type=int, help="search: epochs of each trial")
    args = parser.parse_args()
    start_deterministic()
    from . import explore, scoring, search, steps
    from .config import load_config

    if args.step == "score":
        scoring.score_folder(load_config(args.config, args.set), args.data, Path(args.out))
        return
    project = steps.Project(load_config(args.config, args.set), args.data, args.out)
    print(f"{project.name}: {len(project.develop.y)} pictures to develop on, {len(project.test.y)} held out", flush=True)
    if args.step == "explore":
        explore.explore(project)
    elif args.step == "search":
        search.search(project, args.trials, args.epochs)
    elif args.step == "validate":
        steps.cross_validate(project, [int(f) for f in args.folds.split(",")] if args.folds else None)
    elif args.step == "train":
        steps.train_final(project)
    else:
        steps.export(project)


if __name__ == "__main__":
    sys.exit(main())
