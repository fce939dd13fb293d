"""Agreements: pages of the administrator, and the tariff of a request's client."""

from collections.abc import Callable
from io import BytesIO

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from otklik.clients import tariffs as given
from otklik.desk import queries
from otklik.desk.views import refreshed
from otklik.errors import Refusal
from otklik.sla import agreeing, agreements, binding, comparing, printing, spans, wording
from otklik.sla.advice import proposing, proposing_said
from otklik.sla.agreeing import Draft, Tier
from otklik.sla.forms_agreements import CoverForm, NameForm, NewTierForm, TariffOfForm, TierForm
from otklik.sla.forms_terms import TermsForm, WhenForm
from otklik.sla.models import Agreement, AgreementVersion, Cover
from otklik.staff.views_office import keepers_of_settings
from otklik.web.requests import AgentRequest, agents_only

METHODS = ["GET", "POST"]
HERE = {"here": "agreements"}


@require_GET
@keepers_of_settings
def tiers(request: AgentRequest) -> HttpResponse:
    agreements.default()
    now = timezone.now()
    rows, proposals = comparing.tiers(now), proposing_said.waiting(now)
    return render(request, "sla/agreements.html", {"tiers": rows, "proposals": proposals, **HERE})


@require_http_methods(METHODS)
@keepers_of_settings
def new(request: AgentRequest) -> HttpResponse:
    """With the terms of the agreement for everybody to begin with; they are written on the next page."""
    base = agreements.default()
    form = NewTierForm(request.POST or None, initial={"calendar": base.calendar_id})
    now = timezone.now()

    def make() -> Agreement:
        words = form.cleaned_data
        terms = comparing.to_begin_with(agreements.terms(agreements.current(base.pk, now).pk))
        tier = Tier(words["name"], words["rank"], words["calendar"])
        return agreeing.make(tier, Draft(terms, effective_from=now), by=request.user, at=now)

    made = _done(form, make)
    if isinstance(made, Agreement):
        messages.success(request, _("Завели «%s». Теперь впишите сроки.") % made.name)
        return redirect(f"{reverse('sla:terms', args=[made.pk])}{_with_proposal(request)}")
    context = {"form": form, "title": _("Новое соглашение"), **HERE}
    return render(request, "sla/new.html", context, status=422 if form.is_bound else 200)


@require_http_methods(METHODS)
@keepers_of_settings
def agreement(request: AgentRequest, pk: int) -> HttpResponse:
    """One agreement: its terms, versions, whom it covers. POST: another name or place."""
    known = _known(pk)
    form = TierForm(request.POST or None, initial={"name": known.name, "rank": known.rank})

    def describe() -> None:
        words = form.cleaned_data
        agreeing.describe(known, words["name"], words["rank"], by=request.user, at=timezone.now())

    if _done(form, describe):
        messages.success(request, _("Сохранили: «%s».") % form.cleaned_data["name"])
        return redirect("sla:agreement", pk=pk)
    return _page(request, known, form=form)


@require_http_methods(METHODS)
@keepers_of_settings
def terms(request: AgentRequest, pk: int) -> HttpResponse:
    """Terms to come: written, looked at, saved. Each step carries what was written, and the proposal it began with."""
    known, now = _known(pk), timezone.now()
    before = agreements.terms(agreements.current(pk, now).pk)
    proposal = proposing.known(request.POST.get("proposal") or request.GET.get("proposal"))
    before = proposing.filled(before, proposal) if proposal else before
    form = TermsForm(request.POST or None, before, spans.usual_day(known.calendar.spec))
    seen = agreements.last_number(pk)
    when = WhenForm(request.POST or None, initial={"effective_on": timezone.localdate(now), "seen": seen})
    context = {"agreement": known, "form": form, "when": when, "proposal": proposal, **HERE}
    context["written_in"] = proposing_said.written_in(proposal) if proposal else ""
    step = request.POST.get("step", "")
    if not (form.is_valid() and when.is_valid()) or step == "edit":
        bad = form.is_bound and step != "edit"
        return render(request, "sla/terms.html", context, status=422 if bad else 200)
    words = when.cleaned_data
    draft = Draft(form.terms(), when.moment(now), words["note"], words["seen"])
    if step != "save":
        return render(
            request, "sla/changes.html", {**context, **comparing.preview(known, draft, request.POST)}
        )
    if _done(form, lambda: proposing.change(known, draft, proposal, by=request.user, at=now)):
        messages.success(request, _("Сохранили условия «%s».") % known.name)
        return redirect("sla:agreement", pk=pk)
    return render(request, "sla/terms.html", context, status=422)


@require_POST
@keepers_of_settings
def cover(request: AgentRequest, pk: int) -> HttpResponse:
    known, form = _known(pk), CoverForm(request.POST)

    def add() -> Cover:
        words = form.cleaned_data
        return agreeing.cover(known, words["whom"], words["priorities"], by=request.user, at=timezone.now())

    if _done(form, add):
        messages.success(request, _("Добавили. Открытые запросы перейдут на эти условия за минуту."))
        return redirect("sla:agreement", pk=pk)
    return _page(request, known, cover_form=form)


@require_POST
@keepers_of_settings
def uncover(request: AgentRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Cover, pk=pk)
    agreeing.uncover(row, by=request.user, at=timezone.now())
    messages.success(request, _("Убрали. Открытые запросы перейдут на другие условия за минуту."))
    return redirect("sla:agreement", pk=row.agreement_id)


@require_POST
@keepers_of_settings
def copy(request: AgentRequest, pk: int) -> HttpResponse:
    known, form = _known(pk), NameForm(request.POST)
    name = form.data.get("name", "")
    made = _done(form, lambda: agreeing.copy(known, name, by=request.user, at=timezone.now()))
    if isinstance(made, Agreement):
        messages.success(request, _("Завели «%s» с теми же условиями.") % made.name)
        return redirect("sla:agreement", pk=made.pk)
    return _page(request, known, copy_form=form)


@require_POST
@keepers_of_settings
def end(request: AgentRequest, pk: int) -> HttpResponse:
    known = _known(pk)
    agreeing.end(known, by=request.user, at=timezone.now())
    messages.success(request, _("Закончили «%s». Открытые запросы доводим по его срокам.") % known.name)
    return redirect("sla:agreement", pk=pk)


@require_POST
@keepers_of_settings
def move_open(request: AgentRequest, pk: int) -> HttpResponse:
    """Open requests go over to the terms in force."""
    n = binding.move_open(_known(pk).pk, by=request.user, at=timezone.now())
    moved = ngettext(
        "Перевели %s запрос на действующие условия.", "Перевели %s запросов на действующие условия.", n
    )
    messages.success(request, moved % n)
    return redirect("sla:agreement", pk=pk)


@require_GET
@keepers_of_settings
def printed(request: AgentRequest, pk: int) -> FileResponse:  # noqa: ARG001 - a view's signature
    version = get_object_or_404(AgreementVersion.objects.select_related("agreement__calendar"), pk=pk)
    name = f"agreement-{version.agreement_id}-{version.number}.pdf"
    return FileResponse(BytesIO(printing.pdf(version)), filename=name, content_type="application/pdf")


@require_http_methods(METHODS)
@keepers_of_settings
def tariffs(request: AgentRequest) -> HttpResponse:
    form = NameForm(request.POST or None)
    if _done(form, lambda: given.make(form.cleaned_data["name"], by=request.user, at=timezone.now())):
        messages.success(request, _("Тариф «%s» есть в списке.") % form.cleaned_data["name"])
        return redirect("sla:tariffs")
    context = {"form": form, "tariffs": given.known(), **HERE}
    return render(request, "sla/tariffs.html", context, status=422 if form.is_bound else 200)


@require_http_methods(METHODS)
@agents_only
def tariff(request: AgentRequest, number: int) -> HttpResponse:
    """The tariff of a request's client or of their organisation: a form of the desk's dialog or a page of its own."""
    ticket = queries.ticket(request.user, number)
    form = TariffOfForm(request.POST if request.method == "POST" else None, ticket)
    if form.is_valid():
        given.give(form.whom(), form.cleaned_data["tariff"], by=request.user, at=timezone.now())
        return refreshed(request, ticket)
    title = _("Тариф клиента")
    context = {"ticket": ticket, "form": form, "title": title, "button": _("Сохранить тариф")}
    template = "desk/deed.html#sheet" if request.htmx else "desk/deed.html"
    return render(request, template, context, status=422 if form.is_bound else 200)


def _with_proposal(request: AgentRequest) -> str:
    """Carried on from the address of the page before."""
    proposal = proposing.known(request.GET.get("proposal"))
    return f"?proposal={proposal.pk}" if proposal else ""


def _known(pk: int) -> Agreement:
    return get_object_or_404(Agreement.objects.select_related("calendar"), pk=pk)


def _done(form: forms.BaseForm, deed: Callable[[], object]) -> object:
    """What the deed gave (True for nothing), or None: not filled in, wrong, or refused, with its words in the form."""
    if not form.is_valid():
        return None
    try:
        return deed() or True
    except Refusal as refusal:
        form.add_error(None, f"{refusal.reason} {refusal.next_step}")
        return None


def _page(request: AgentRequest, known: Agreement, **filled: forms.BaseForm) -> HttpResponse:
    """filled: the form that somebody sent, with what is wrong in it."""
    now = timezone.now()
    version = agreements.current(known.pk, now)
    stated = agreements.terms(version.pk)
    day_s = spans.usual_day(known.calendar.spec)
    rows = comparing.versions(known.pk, now)
    context = {
        "agreement": known, "version": version, "versions": rows,
        "targets": wording.targets(stated, day_s), "levels": wording.levels(stated, day_s),
        "rest": wording.rest(stated, day_s), "covers": comparing.covers(known.pk), "heads": wording.heads(),
        "outdated": comparing.outdated(rows, version.pk),
        "form": TierForm(initial={"name": known.name, "rank": known.rank}), "cover_form": CoverForm(),
        "copy_form": NameForm(auto_id="id_copy_%s"), **HERE, **filled,
    }  # fmt: skip
    bad = any(one.errors for one in filled.values())
    return render(request, "sla/agreement.html", context, status=422 if bad else 200)
