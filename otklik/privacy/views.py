"""Personal data: a client's page (consents, exports, erasure), and how long things are kept."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from otklik.accounts import looking
from otklik.accounts.looking import Kind, Seen
from otklik.accounts.models import User
from otklik.accounts.rights import Right
from otklik.clients.models import Client, Consent
from otklik.desk import queries as desk
from otklik.privacy import consenting, erasing, exporting, keeping
from otklik.privacy.consenting import Said
from otklik.privacy.forms import ConsentForm, EraseForm, KeepingForm
from otklik.privacy.models import Erasure, Export, Tidying
from otklik.staff import queries as staff
from otklik.web.requests import AgentRequest, agents_only, holders_of

BOTH = ["GET", "POST"]
SHOWN = 50  # links to requests


@require_GET
@agents_only
def client(request: AgentRequest, pk: int) -> HttpResponse:
    found = _client(request.user, pk)
    looking.note(request, request.user, Seen(Kind.CARD, client_id=found.pk), at=timezone.now())
    return _client_page(request, found)


def _client(user: User, pk: int) -> Client:
    """Somebody who has a request that this person may see, or anybody for who sees all."""
    rows = Client.objects.select_related("organisation")
    if not user.sees_all:
        rows = rows.filter(pk__in=desk.visible_to(user).values("client"))
    return get_object_or_404(rows, pk=pk)


def _client_page(request: AgentRequest, found: Client, form: ConsentForm | None = None) -> HttpResponse:
    may_export = exporting.may(request.user)
    last = Erasure.objects.filter(client_id=found.pk).select_related("by").order_by("-pk").first()
    context = {
        "client": found,
        "identities": found.identities.order_by("pk"),
        "consents": found.consents.select_related("noted_by", "withdrawn_by").order_by("-given_at"),
        "exports": found.exports.select_related("by").order_by("-pk") if may_export else (),
        "may_export": may_export,
        "may_erase": request.user.is_admin,
        "may_note": request.user.may(Right.WORK),
        "erasure": last,
        "perhaps": _numbers(request.user, last.perhaps) if last else (),
        "form": form or ConsentForm(initial={"given_on": timezone.localdate()}),
    }
    return render(request, "privacy/client.html", context, status=422 if form else 200)


@require_POST
@agents_only
def consent(request: AgentRequest, pk: int) -> HttpResponse:
    found = _client(request.user, pk)
    form = ConsentForm(request.POST)
    if not form.is_valid():
        return _client_page(request, found, form)
    words = form.cleaned_data
    said = Said(words["purpose"], words["text"], words["version"], words["door"], words["given_on"])
    consenting.note(found, said, by=request.user)
    messages.success(request, _("Записали согласие."))
    return redirect("privacy:client", pk=pk)


@require_POST
@agents_only
def withdrawal(request: AgentRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Consent, pk=pk)
    _client(request.user, row.client_id)
    consenting.withdraw(row, by=request.user, at=timezone.now())
    messages.success(request, _("Записали: согласие отозвано."))
    return redirect("privacy:client", pk=row.client_id)


@require_POST
@holders_of(Right.EXPORT)
def export(request: AgentRequest, pk: int) -> HttpResponse:
    found, now = _whole_client(request.user, pk), timezone.now()
    exporting.ask(found, with_notes="notes" in request.POST, by=request.user, at=now)
    looking.note(request, request.user, Seen(Kind.EXPORT, client_id=pk, words=_("собрать")), at=now)
    messages.success(request, _("Собираем выгрузку. Она появится на этой странице."))
    return redirect("privacy:client", pk=pk)


def _whole_client(user: User, pk: int) -> Client:
    if not exporting.may(user):
        raise Http404
    return get_object_or_404(Client, pk=pk)


@require_GET
@holders_of(Right.EXPORT)
def download(request: AgentRequest, pk: int) -> FileResponse:
    row = get_object_or_404(Export.objects.select_related("client"), pk=pk)
    _whole_client(request.user, row.client_id)
    now = timezone.now()
    place = exporting.fetch(row, by=request.user, at=now)
    looking.note(request, request.user, Seen(Kind.EXPORT, client_id=row.client_id, object_id=row.pk), at=now)
    name = f"otklik-client-{row.client_id}-{row.asked_at:%Y-%m-%d}.zip"
    response = FileResponse(
        place.open("rb"), as_attachment=True, filename=name, content_type="application/zip"
    )
    response["X-Content-Type-Options"], response["Cache-Control"] = "nosniff", "no-store"
    return response


@require_http_methods(BOTH)
@holders_of(Right.EXPORT)
def erasure(request: AgentRequest, pk: int) -> HttpResponse:
    """What would go and what stays; a typed name begins it."""
    if not request.user.is_admin:
        raise Http404
    found = get_object_or_404(Client.objects.filter(erased_at=None), pk=pk)
    form = EraseForm(request.POST or None, name=found.name)
    if form.is_valid():
        words = form.cleaned_data
        erasing.begin(found, ground=words["ground"], by=request.user, at=timezone.now(), wide=words["wide"])
        messages.success(
            request, _("Имя и адреса уже стёрты, остальное стираем. Ход виден на этой странице.")
        )
        return redirect("privacy:client", pk=pk)
    looking.note(request, request.user, Seen(Kind.CARD, client_id=found.pk), at=timezone.now())
    told = erasing.preview(found)
    context = {
        "client": found, "form": form, "found": told,
        "lost": _numbers(request.user, told.lost.tickets), "left": _numbers(request.user, told.left.tickets),
    }  # fmt: skip
    return render(request, "privacy/erasure.html", context, status=422 if form.is_bound else 200)


def _numbers(user: User, tickets: list[int]) -> list[int]:
    """Of the first requests that this person may see."""
    rows = desk.visible_to(user).filter(pk__in=tickets[:SHOWN]).order_by("number")
    return list(rows.values_list("number", flat=True))


@require_http_methods(BOTH)
@holders_of(Right.SETTINGS)
def page(request: AgentRequest) -> HttpResponse:
    """How long things are kept, what was erased and by whom. For administrators: a short time destroys things."""
    if not request.user.is_admin:
        raise PermissionDenied
    form, counts = KeepingForm(request.POST or None, instance=keeping.settings()), {}
    if form.is_valid():
        if request.POST.get("only") != "count":
            keeping.save(form.instance, by=request.user, at=timezone.now())
            messages.success(request, _("Сохранили. Лишнее уберём ближайшей ночью, с часу до пяти."))
            return redirect("privacy:page")
        counts = keeping.counts(form.instance, at=timezone.now())
    status = 422 if form.is_bound and form.errors else 200
    context = {
        "form": form,
        "raw_kept_days": staff.company().raw_kept_days,
        "kinds": _kinds(form, counts),
        "erasures": Erasure.objects.select_related("by").order_by("-pk")[:50],
        "nights": Tidying.objects.exclude(gone=0).order_by("-pk")[:10],
        "here": "privacy",
    }
    return render(request, "privacy/page.html", context, status=status)


def _kinds(form: KeepingForm, counts: dict[str, int]) -> list[tuple[object, int | None]]:
    """Each field with how many things would go."""
    return [(form[name], counts.get(name)) for name in form.fields]
