"""Generates auto-insurance claims: the same number of claims and the same seed give the same claims everywhere.

Usage: claims.py [--count N] [--seed N]      writes CSV with a header to standard output
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from collections.abc import Iterator

COUNT = 58_592
SEED = 1

Claim = dict[str, str | int | float]

# A car model decides most columns; the values are plausible, not anybody's data.
_MODEL_COLUMNS = (
    "model,make,segment,fuel_type,engine_type,airbags,displacement,cylinder,"
    "max_torque,max_power,gear_box,length,width,height,gross_weight,turning_radius,ncap_rating"
)
_MODEL_ROWS = """
M1,1,A,CNG,F8D Petrol Engine,2,796,3,60Nm@3500rpm,40.36bhp@6000rpm,5,3445,1515,1475,1185,4.6,0
M2,1,A,Petrol,1.0 SCe,2,999,3,91Nm@4250rpm,67.06bhp@5500rpm,5,3731,1579,1490,1155,5.0,2
M3,2,C1,Petrol,K Series Dual jet,2,1197,4,113Nm@4400rpm,88.50bhp@6000rpm,5,3995,1735,1515,1335,4.8,2
M4,1,C2,Diesel,1.5 L U2 CRDi,6,1493,4,250Nm@2750rpm,113.45bhp@4000rpm,6,4300,1790,1635,1720,5.2,3
M5,3,B2,Diesel,1.5 Turbocharged Revotorq,2,1497,4,200Nm@3000rpm,88.77bhp@4000rpm,5,3990,1755,1523,1490,5.0,5
M6,4,Utility,CNG,G12B,1,1196,4,85Nm@3000rpm,61.68bhp@6000rpm,5,3675,1475,1825,1510,4.5,0
"""


def _models() -> dict[str, Claim]:
    """The columns of each model, numbers read as numbers."""

    def value(text: str) -> str | int | float:
        for number in (int, float):
            try:
                return number(text)
            except ValueError:
                continue
        return text

    rows = csv.DictReader([_MODEL_COLUMNS, *_MODEL_ROWS.split("\n")[1:-1]])
    return {row["model"]: {name: value(text) for name, text in row.items() if name != "model"} for row in rows}


_MODELS = _models()

_EQUIPMENT = (
    "is_esc", "is_adjustable_steering", "is_tpms", "is_parking_sensors", "is_parking_camera", "is_front_fog_lights",
    "is_rear_window_wiper", "is_rear_window_washer", "is_rear_window_defogger", "is_brake_assist", "is_power_door_locks",
    "is_central_locking", "is_power_steering", "is_driver_seat_height_adjustable", "is_day_time_running_lights", "is_ecw",
    "is_speed_alert",
)  # fmt: skip

_DENSITY = [8794, 27003, 4076, 21622, 34738, 13051, 6112, 7788, 16206, 73430, 5410]


def generate(count: int = COUNT, seed: int = SEED) -> Iterator[Claim]:
    """Yields claims with the 44 columns of the article's data set; numbers are int or float, the rest text."""
    chance = random.Random(seed)
    names = list(_MODELS)
    for number in range(1, count + 1):
        name = chance.choice(names)
        model = _MODELS[name]
        area = chance.randrange(len(_DENSITY))
        luxury = float(model["airbags"]) / 6
        claim: Claim = {
            "policy_id": f"ID{number:05d}",
            "policy_tenure": round(chance.uniform(0.002, 1.396), 6),
            "age_of_car": chance.choice(
                [0.0, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.12, 0.15, 0.2, 0.25, 0.4, 0.55, 0.69, 0.7, 0.83, 1.0]
            ),
            "age_of_policyholder": round(chance.uniform(0.288, 0.99), 6),
            "area_cluster": f"C{area + 1}",
            "population_density": _DENSITY[area],
            "model": name,
            **model,
            "transmission_type": "Automatic" if chance.random() < luxury else "Manual",
            "steering_type": "Electric" if float(model["displacement"]) > 1190 else "Power",
            "rear_brakes_type": "Disc" if model["airbags"] == 6 else "Drum",
        }
        for item in _EQUIPMENT:
            claim[item] = "Yes" if chance.random() < 0.3 + luxury / 2 else "No"
        claim["is_claim"] = int(chance.random() < 0.064)
        yield claim


def to_item(claim: Claim, published: bool = False) -> dict[str, dict[str, str]]:
    """The claim as a DynamoDB item. `published`: age_of_car is text, as the published stack's sort key wants it."""
    item = {}
    for name, value in claim.items():
        is_number = isinstance(value, int | float) and not (published and name == "age_of_car")
        item[name] = {"N" if is_number else "S": str(value)}
    return item


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes generated claims as CSV to standard output.")
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()
    writer: csv.DictWriter[str] | None = None
    for claim in generate(arguments.count, arguments.seed):
        if writer is None:
            writer = csv.DictWriter(sys.stdout, claim.keys(), lineterminator="\n")
            writer.writeheader()
        writer.writerow(claim)


if __name__ == "__main__":
    main()
