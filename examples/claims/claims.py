"""Generates auto-insurance claims: the same number of claims and the same seed give the same claims everywhere.

Usage: claims.py [--count N] [--seed N]      writes CSV with a header to standard output
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from collections.abc import Iterator
from typing import Any

COUNT = 58_592
SEED = 1

Claim = dict[str, str | int | float]

# A car model decides most columns; the values are plausible, not anybody's data.
_MODELS: dict[str, dict[str, Any]] = {
    "M1": {"make": 1, "segment": "A", "fuel_type": "CNG", "engine_type": "F8D Petrol Engine", "airbags": 2, "displacement": 796, "cylinder": 3, "max_torque": "60Nm@3500rpm", "max_power": "40.36bhp@6000rpm", "gear_box": 5, "length": 3445, "width": 1515, "height": 1475, "gross_weight": 1185, "turning_radius": 4.6, "ncap_rating": 0},
    "M2": {"make": 1, "segment": "A", "fuel_type": "Petrol", "engine_type": "1.0 SCe", "airbags": 2, "displacement": 999, "cylinder": 3, "max_torque": "91Nm@4250rpm", "max_power": "67.06bhp@5500rpm", "gear_box": 5, "length": 3731, "width": 1579, "height": 1490, "gross_weight": 1155, "turning_radius": 5.0, "ncap_rating": 2},
    "M3": {"make": 2, "segment": "C1", "fuel_type": "Petrol", "engine_type": "K Series Dual jet", "airbags": 2, "displacement": 1197, "cylinder": 4, "max_torque": "113Nm@4400rpm", "max_power": "88.50bhp@6000rpm", "gear_box": 5, "length": 3995, "width": 1735, "height": 1515, "gross_weight": 1335, "turning_radius": 4.8, "ncap_rating": 2},
    "M4": {"make": 1, "segment": "C2", "fuel_type": "Diesel", "engine_type": "1.5 L U2 CRDi", "airbags": 6, "displacement": 1493, "cylinder": 4, "max_torque": "250Nm@2750rpm", "max_power": "113.45bhp@4000rpm", "gear_box": 6, "length": 4300, "width": 1790, "height": 1635, "gross_weight": 1720, "turning_radius": 5.2, "ncap_rating": 3},
    "M5": {"make": 3, "segment": "B2", "fuel_type": "Diesel", "engine_type": "1.5 Turbocharged Revotorq", "airbags": 2, "displacement": 1497, "cylinder": 4, "max_torque": "200Nm@3000rpm", "max_power": "88.77bhp@4000rpm", "gear_box": 5, "length": 3990, "width": 1755, "height": 1523, "gross_weight": 1490, "turning_radius": 5.0, "ncap_rating": 5},
    "M6": {"make": 4, "segment": "Utility", "fuel_type": "CNG", "engine_type": "G12B", "airbags": 1, "displacement": 1196, "cylinder": 4, "max_torque": "85Nm@3000rpm", "max_power": "61.68bhp@6000rpm", "gear_box": 5, "length": 3675, "width": 1475, "height": 1825, "gross_weight": 1510, "turning_radius": 4.5, "ncap_rating": 0},
}  # fmt: skip

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
        luxury = model["airbags"] / 6
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
            "steering_type": "Electric" if model["displacement"] > 1190 else "Power",
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
