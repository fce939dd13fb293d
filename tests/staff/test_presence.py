"""How often a person may say that they are at a request."""

from otklik.staff.presence import ECHO_S, SIGNALS, WITHIN_S, Allowance, Echoes

NOW_S = 1000.0


def test_so_many_signals_of_a_person_are_taken_and_no_more_until_the_time_is_over():
    allowance = Allowance()

    assert all(allowance.takes(1, NOW_S) for _ in range(SIGNALS))
    assert not allowance.takes(1, NOW_S + WITHIN_S / 2)
    assert allowance.takes(2, NOW_S + WITHIN_S / 2)
    assert allowance.takes(1, NOW_S + WITHIN_S)


def test_the_same_said_again_at_once_is_an_echo():
    echoes = Echoes()
    assert not echoes.is_echo(1, 7, "looks", NOW_S)

    assert echoes.is_echo(1, 7, "looks", NOW_S + ECHO_S / 2)
    echoes.forget_old(NOW_S + ECHO_S / 2)
    assert echoes.is_echo(1, 7, "looks", NOW_S + ECHO_S / 2)


def test_another_person_request_or_deed_and_a_later_moment_are_no_echo():
    echoes = Echoes()
    said = [(1, 7, "came"), (2, 7, "came"), (1, 8, "came"), (1, 7, "gone"), (1, 7, "came")]

    assert not any(echoes.is_echo(*one, NOW_S) for one in said)
    assert not echoes.is_echo(1, 7, "came", NOW_S + ECHO_S)
