# Two commands from a clone to a working desk: `make demo` and, for those who change it, `make test`.
.DEFAULT_GOAL := help
.PHONY: help demo test lint bench bench-coach bench-sla bench-data pictures lock audit translations
PYTHON := .venv/bin/python
# each process of the tests has a database and servers of its own, and waits for them often enough for one more;
# a file is run by one of them, so that what it starts is started once
SIDE_BY_SIDE := -n $(shell n=$$(getconf _NPROCESSORS_ONLN); echo $$((n < 4 ? n + 1 : 4))) --dist loadfile --no-loadscope-reorder

help:   ## что здесь есть
	@grep -E '^[a-z-]+: .*##' Makefile | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 14

demo:   ## запустить Отклик с примером компании (остановить: Ctrl-C)
	@scripts/prepare run
	@exec .venv/bin/otklik demo

test:   ## все проверки: формат, правила, типы, тесты (поставит недостающее)
	@scripts/prepare dev
	@scripts/test-machine
	@scripts/check & gates=$$!; scripts/other-python; other=$$?; wait $$gates && exit $$other
	@exec $(PYTHON) -m pytest -q $(SIDE_BY_SIDE) $(ARGS)

lint:   ## только формат, правила и типы
	@scripts/prepare dev
	@scripts/check

pictures: ## снимки главных страниц в docs/pictures (ARGS=desk: только эти)
	@scripts/prepare dev
	@scripts/test-machine
	@exec $(PYTHON) scripts/pictures $(ARGS)

bench:  ## измерения: скорость и память (строка на показатель)
	@scripts/prepare dev
	@exec scripts/bench $(ARGS)

bench-coach: ## помощник по ответам: что находит, скорость, старт (ARGS="--only passive": одно правило)
	@scripts/prepare dev
	@exec $(PYTHON) -m bench.coach $(ARGS)

bench-sla: ## сроки: скорость рядом с двумя библиотеками, пересчёт и сверка 100 000 запросов (ARGS="--only engine")
	@scripts/prepare dev
	@exec $(PYTHON) -m bench.sla $(ARGS)

bench-data: ## базы на 10 000 и 1 000 000 запросов для измерений (ARGS="--folder /mnt/big"; около 16 ГБ)
	@scripts/prepare dev
	@exec $(PYTHON) -m bench.data $(ARGS)

lock:   ## обновить requirements/*.txt по pyproject.toml (ARGS=--upgrade: новые версии)
	@scripts/lock $(ARGS)

audit:  ## известные дыры в зависимостях (ARGS="-s osv": другая база)
	@scripts/audit $(ARGS)

translations: ## собрать тексты интерфейса в каталоги ru и en
	@scripts/prepare dev
	@$(PYTHON) scripts/translations $(ARGS)
