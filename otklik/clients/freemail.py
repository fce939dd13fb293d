"""Mail services where anybody may have an address: their domain says nothing of an organisation."""

_NAMES = """
gmail.com googlemail.com yandex.ru yandex.com ya.ru yandex.by yandex.kz yandex.ua narod.ru mail.ru bk.ru
inbox.ru list.ru internet.ru vk.com rambler.ru lenta.ru autorambler.ru myrambler.ru ro.ru outlook.com
hotmail.com live.com live.ru msn.com icloud.com me.com mac.com yahoo.com aol.com proton.me protonmail.com
pm.me gmx.de gmx.net web.de ukr.net i.ua tut.by mail.kz qip.ru pochta.ru hotbox.ru fromru.com xmail.ru
email.su zoho.com fastmail.com tutanota.com tuta.io mail.com seznam.cz wp.pl o2.pl
"""
DOMAINS = frozenset(_NAMES.split())
