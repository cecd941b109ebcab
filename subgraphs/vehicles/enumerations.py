"""The closed lists of this room, in the order that the domain gives them (`domain.md` §7.3, regulation Nr. 190).

What comes in: nothing. What goes out: enumerations whose values describe themselves in English and Latvian.
"""

from __future__ import annotations

from subgraphs.room.enumerations import Described


class VehicleStatus(Described):
    """Whether and how a vehicle is registered.

    Transportlīdzekļa reģistrācijas statuss.
    """

    REGISTERED = "REGISTERED", "Registered.", "Reģistrēts."
    DEREGISTERED = "DEREGISTERED", "Taken off the register.", "Noņemts no uzskaites."
    SUSPENDED = "SUSPENDED", "Registration suspended.", "Reģistrācija pārtraukta."
    TRANSIT = "TRANSIT", "Transit registration.", "Tranzīta reģistrācija."
    FOREIGN = "FOREIGN", "Registered abroad.", "Reģistrēts ārvalstī."


class HolderKind(Described):
    """In which right somebody has a vehicle.

    Transportlīdzekļa turēšanas pamats.
    """

    OWNER = "OWNER", "Owner.", "Īpašnieks."
    POSSESSOR = "POSSESSOR", "Possessor.", "Valdītājs."
    HOLDER = "HOLDER", "Holder.", "Turētājs."


class VehicleAlertKind(Described):
    """Why a vehicle is sought.

    Transportlīdzekļa meklēšanas pamats.
    """

    SEIZE = "SEIZE", "To be seized or used as evidence.", "Izņemams vai izmantojams par pierādījumu."
    STOLEN = "STOLEN", "Stolen.", "Nozagts."
    DISCREET_CHECK = "DISCREET_CHECK", "Discreet check.", "Slepena pārbaude."
    LOCATE = "LOCATE", "To be located.", "Nosakāma atrašanās vieta."
