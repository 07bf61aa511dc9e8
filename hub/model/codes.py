"""The catalogue of problem codes: status, whether trying again may help, and a title in English, bokmål, nynorsk."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """What one code means to a caller."""

    status: int
    titles: dict[str, str]
    retryable: bool = False


def _word(status: int, en: str, nb: str, nn: str, *, retryable: bool = False) -> Word:
    return Word(status, {"en": en, "nb": nb, "nn": nn}, retryable)


NOT_PASSED_ON = "not_passed_on"
"""The code of a message to one receiver that may not go there."""
CODES: dict[str, Word] = {
    "no_token": _word(401, "Access token missing", "Tilgangstoken mangler", "Tilgangstoken manglar"),
    "invalid_token": _word(
        401, "Access token not accepted", "Tilgangstoken godtas ikke", "Tilgangstoken blir ikkje godteke"
    ),
    "insufficient_scope": _word(403, "Scope missing", "Scope mangler", "Scope manglar"),
    "unknown_system": _word(
        403, "System not registered", "Systemet er ikke registrert", "Systemet er ikkje registrert"
    ),
    "not_permitted": _word(403, "Not permitted", "Ikke tillatt", "Ikkje tillate"),
    "not_authorised": _word(
        403,
        "Not authorised to decide this",
        "Ikke bemyndiget til å avgjøre dette",
        "Ikkje gitt fullmakt til å avgjere dette",
    ),
    "own_message": _word(403, "One's own message", "Egen melding", "Eiga melding"),
    "not_found": _word(404, "Not found", "Finnes ikke", "Finst ikkje"),
    "unknown_consent": _word(404, "No such consent", "Samtykket finnes ikke", "Samtykket finst ikkje"),
    "unknown_child": _word(404, "No such person", "Personen finnes ikke", "Personen finst ikkje"),
    "nothing_yet": _word(409, "No message yet", "Ingen melding ennå", "Inga melding enno"),
    "method_not_allowed": _word(405, "Method not allowed", "Metoden er ikke tillatt", "Metoden er ikkje tillaten"),
    "bad_header": _word(
        400, "Header missing or unusable", "Topptekst mangler eller er ugyldig", "Topptekst manglar eller er ugyldig"
    ),
    "invalid_request": _word(422, "Request not valid", "Ugyldig forespørsel", "Ugyldig førespurnad"),
    "impossible_fact": _word(
        422, "A fact that cannot be", "En opplysning som ikke kan stemme", "Ei opplysing som ikkje kan stemme"
    ),
    "year_not_over": _word(409, "The year is not over", "Året er ikke omme", "Året er ikkje omme"),
    "no_register": _word(409, "No register set up", "Ikke satt opp noe register", "Ikkje sett opp noko register"),
    "plan_exists": _word(409, "The child has a plan", "Barnet har en plan", "Barnet har ein plan"),
    "already_decided": _word(409, "Already decided", "Allerede avgjort", "Alt avgjort"),
    "already_answered": _word(409, "Already answered", "Allerede besvart", "Alt svara på"),
    "no_handover": _word(409, "Cannot be handed over there", "Kan ikke overføres dit", "Kan ikkje overførast dit"),
    "no_sender": _word(409, "No system to ask", "Ingen system å spørre", "Ingen system å spørje"),
    "not_here": _word(409, "Answered elsewhere", "Besvares et annet sted", "Blir svara ein annan stad"),
    "own_duty": _word(422, "Each employee's own duty", "Hver ansatts egen plikt", "Plikta til kvar tilsett sjølv"),
    "no_reason": _word(422, "A reason is needed", "Begrunnelse mangler", "Grunngjeving manglar"),
    "already_led": _word(409, "Another coordinates", "En annen samordner", "Ein annan samordnar"),
    "disputed": _word(
        409, "It is disputed who coordinates", "Det er uenighet om samordningen", "Det er usemje om samordninga"
    ),
    "not_appointable": _word(409, "Cannot be appointed", "Kan ikke utpekes", "Kan ikkje peikast ut"),
    "no_wish": _word(409, "The family has not said it", "Familien har ikke sagt det", "Familien har ikkje sagt det"),
    "of_age": _word(409, "The person is of age", "Personen er myndig", "Personen er myndig"),
    "plan_closed": _word(409, "The plan is closed", "Planen er avsluttet", "Planen er avslutta"),
    "plan_not_begun": _word(409, "The plan has not begun", "Planen er ikke i gang", "Planen er ikkje i gang"),
    "plan_begun": _word(409, "The plan has begun", "Planen er i gang", "Planen er i gang"),
    "no_plan_consent": _word(
        409, "No consent to the plan", "Samtykke til planen mangler", "Samtykke til planen manglar"
    ),
    "no_duty_to_start": _word(409, "Does not start plans", "Starter ikke planer", "Startar ikkje planar"),
    "stafettlogg_open": _word(409, "A relay log is open", "En stafettlogg er åpen", "Ein stafettlogg er open"),
    "no_participation": _word(
        409,
        "Not said how the child took part",
        "Barnets medvirkning er ikke beskrevet",
        "Medverknaden er ikkje skildra",
    ),
    "not_covered": _word(409, "No consent covers it", "Samtykke mangler", "Samtykke manglar"),
    "nobody_to_call": _word(409, "Nobody to call", "Ingen å innkalle", "Ingen å kalle inn"),
    "closed_for_good": _word(409, "Closed for good", "Avsluttet for godt", "Avslutta for godt"),
    "own_service": _word(403, "About your own service", "Om din egen tjeneste", "Om di eiga teneste"),
    "not_at_table": _word(409, "Does not take part", "Deltar ikke i planen", "Deltek ikkje i planen"),
    "not_of_age": _word(409, "Not of age", "Ikke myndig", "Ikkje myndig"),
    "already_born": _word(409, "Born already", "Allerede født", "Alt fødd"),
    "already_identified": _word(409, "Has a number", "Har allerede et nummer", "Har alt eit nummer"),
    "no_agreement": _word(
        422, "Nobody of the family agreed", "Familien har ikke sagt ja", "Familien har ikkje sagt ja"
    ),
    "no_replay": _word(409, "Cannot be replayed", "Kan ikke kjøres på nytt", "Kan ikkje køyrast på nytt"),
    "no_api": _word(409, "No API to be asked by", "Har ikke noe API", "Har ikkje noko API"),
    "if_match_needed": _word(428, "If-Match is needed", "If-Match mangler", "If-Match manglar"),
    "in_progress": _word(409, "Being carried out", "Er under arbeid", "Er under arbeid", retryable=True),
    "ahead": _word(409, "No such version yet", "Versjonen finnes ikke ennå", "Versjonen finst ikkje enno"),
    "too_old": _word(410, "Version no longer known", "Versjonen er for gammel", "Versjonen er for gammal"),
    "stale": _word(412, "Changed since it was read", "Endret siden den ble lest", "Endra sidan han vart lesen"),
    "too_large": _word(413, "Message too large", "Meldingen er for stor", "Meldinga er for stor"),
    "wrong_type": _word(415, "Wrong content type", "Feil innholdstype", "Feil innhaldstype"),
    "unusable": _word(422, "Cannot be used", "Kan ikke brukes", "Kan ikkje brukast"),
    "unreadable": _word(422, "Document cannot be read", "Dokumentet kan ikke leses", "Dokumentet kan ikkje lesast"),
    "unknown_kind": _word(422, "Unknown message type", "Ukjent meldingstype", "Ukjend meldingstype"),
    "nothing_mapped": _word(
        422, "Nothing in it belongs in a plan", "Ingenting hører hjemme i en plan", "Ingenting høyrer heime i ein plan"
    ),
    "not_family": _word(422, "Nobody of the family", "Ingen i familien", "Ingen i familien"),
    "family_words": _word(
        403,
        "Only the family changes its own words",
        "Bare familien endrer sine egne ord",
        "Berre familien endrar sine eigne ord",
    ),
    "adapter_broken": _word(
        422, "The system's adapter is broken", "Systemets adapter virker ikke", "Adapteren til systemet verkar ikkje"
    ),
    "not_storable": _word(422, "Cannot be stored", "Kan ikke lagres", "Kan ikkje lagrast"),
    "internal_error": _word(500, "Fault in the hub", "Feil i navet", "Feil i navet"),
    "no_receiver": _word(422, "Receiver missing", "Mottaker mangler", "Mottakar manglar"),
    "no_ground": _word(
        422,
        "A report names a ground of bvl § 13-2 a–e (kindergarten: bhl § 46), or is an ordinary message",
        "En bekymringsmelding nevner en grunn i bvl. § 13-2 a–e (barnehage: bhl. § 46), eller er en vanlig melding",
        "Ei bekymringsmelding nemner ein grunn i bvl. § 13-2 a–e (barnehage: bhl. § 46), eller er ei vanleg melding",
    ),
    NOT_PASSED_ON: _word(
        409,
        "May not be passed on to its receiver",
        "Kan ikke gis videre til mottakeren",
        "Kan ikkje gjevast vidare til mottakaren",
    ),
    "not_received": _word(
        409,
        "Its receiver has not taken it in: telephone where it is urgent",
        "Mottakeren har ikke tatt imot: ring om det haster",
        "Mottakaren har ikkje teke imot: ring om det hastar",
    ),
    "no_link": _word(422, "Child not linked", "Barnet er ikke koblet", "Barnet er ikkje kopla"),
    "wrong_check_digit": _word(422, "Wrong check digit", "Feil kontrollsiffer", "Feil kontrollsiffer"),
    "synthetic_number": _word(
        422, "Synthetic number in production", "Syntetisk nummer i produksjon", "Syntetisk nummer i produksjon"
    ),
    "real_number": _word(422, "Real number in a test system", "Ekte nummer i testmiljø", "Ekte nummer i testmiljø"),
    "wrong_finding": _word(
        422, "Not the finding of this hold", "Ikke funnet i dette holdet", "Ikkje funnet i dette haldet"
    ),
    "blank_form": _word(
        422, "A blank form is no consent", "Blankoskjema er ikke samtykke", "Blankoskjema er ikkje samtykke"
    ),
    "unknown_word": _word(422, "Word not known", "Ukjent ord", "Ukjent ord"),
    "contradicting_period": _word(
        422, "Instants contradict each other", "Tidspunkter motsier hverandre", "Tidspunkt motseier kvarandre"
    ),
    "no_evidence": _word(422, "Nothing shows it", "Ingenting viser det", "Ingenting viser det"),
    "no_clear_answer": _word(422, "No clear answer", "Ikke et tydelig svar", "Ikkje eit tydeleg svar"),
    "not_asked": _word(422, "Not what was asked", "Ikke det det ble spurt om", "Ikkje det det vart spurt om"),
    "past_deadline": _word(409, "The deadline has passed", "Fristen er ute", "Fristen er ute"),
    "nobody_to_ask": _word(409, "Nobody to ask", "Ingen å spørre", "Ingen å spørje"),
    "no_best_interest": _word(
        422,
        "The child's best interests not said",
        "Barnets beste er ikke begrunnet",
        "Barnets beste er ikkje grunngjeve",
    ),
    "unknown_field": _word(422, "No such field", "Feltet finnes ikke", "Feltet finst ikkje"),
    "bad_officials": _word(
        422, "People cannot be authorised", "Personene kan ikke bemyndiges", "Personane kan ikkje få fullmakt"
    ),
    "bad_link": _word(422, "Not an open https address", "Ikke en åpen https-adresse", "Ikkje ei open https-adresse"),
    "bad_systems": _word(
        422, "Systems cannot be registered", "Systemene kan ikke registreres", "Systema kan ikkje registrerast"
    ),
    "idempotency_conflict": _word(
        422, "Message id used before", "Meldings-id er brukt før", "Meldings-id er brukt før"
    ),
    "overloaded": _word(503, "Too much at once", "For mye på en gang", "For mykje på ein gong", retryable=True),
    "try_again": _word(503, "Try again", "Prøv igjen", "Prøv igjen", retryable=True),
    "setup": _word(500, "Hub not set up", "Navet er ikke satt opp", "Navet er ikkje sett opp"),
    "internal": _word(500, "Unforeseen error", "Uforutsett feil", "Uventa feil", retryable=True),
}
"""Same code, same status, everywhere; part codes of receipts are among them."""


def word_of(code: str) -> Word:
    """What a code means; a code from an adapter that is not in the catalogue is an unusable document."""
    return CODES.get(code) or CODES["unusable"]
