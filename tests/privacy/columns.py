"""What each table that holds texts, arrays, JSON or bytes is to an erasure. A new column must be written down here.

Each line: the columns and how they are erased. «talk» with the request (redacting); «person» by the deed itself
(erasing); «address» by a pseudonym (redacting.replace_addresses); «letter» (rawletters); «own» by a step of its own
(working, sessions, exporting, vocabulary); «sweep» wherever a name or an address stands (sql.sweep); «made» by the
database out of others; «none»: a program's words, keys, or what belongs to the company and its people.
"""

TABLES = """
account_emailaddress: email none
account_emailconfirmation: key none
accounts_accountletter: address own; words fault sweep; kind none
accounts_apikey: name prefix secret_hash scopes last_place none
accounts_clientlink: salt none
accounts_look: words own; kind door place none
accounts_ownrole: name rights none
accounts_passwordlink: purpose token_hash none
accounts_provider: slug name address client_id secret none
accounts_session: session_data own; session_key place browser none
accounts_tally: key none
accounts_user: password email name role theme language none
auth_group: name none
auth_permission: name codename none
assist_mute: rule none
assist_outcome: rule what reason none
assist_style: words sweep; off apologise none
assist_verdict: words sweep; key what reason none
assist_written: counts none
channels_alarm: words fault sweep; kind none
channels_automaticletter: address address
channels_box: trouble fuse_reason sweep; address name kind preset mode imap_host imap_security smtp_host \
smtp_security auth username secret sent_folder authserv_id none
channels_cursor: folder none
channels_envelope: key raw mail_from rcpt_to charset decision reason letter; source folder state none
channels_staffletter: by_name words fault talk; kind none
clients_client: name position note person
clients_consent: purpose text version door person
clients_domain: name none
clients_identity: value shown name bad_reason person; kind none
clients_organisation: name note sweep
clients_shunned: print none
clients_tariff: name none
desk_attachment: name type content_id file_id talk
desk_delivery: address reason address; evidence sweep; state trace_id none
desk_draft: subject text to cc talk; mode none
desk_draftfile: name type content_id file_id talk
desk_handover: words sweep; reason stage none
desk_message: author_name subject text html reply_text quoted_text message_id in_reply_to references \
odd talk; search made; direction circle kind channel none
desk_note: text talk; search made
desk_participant: part none
desk_recipient: address name address; line none
desk_relation: kind none
desk_sentsheet: key words none
desk_storedfile: sha256 talk
desk_tag: name sweep
desk_ticket: subject purpose result last_words talk; channel state last_by next_due_kind none
desk_word: lexeme keys own
django_admin_log: object_repr change_message sweep; object_id none
django_content_type: app_label model none
django_migrations: app name none
django_session: session_key session_data none
journal_entry: facts talk; actor word none
journal_follower: name none
journeys_gift: words talk
journeys_letter: kind none
journeys_nowline: words talk
journeys_proof: salt person
mfa_authenticator: type data none
otklik_site_backup: place lock none
otklik_site_beat: role process none
privacy_erasure: sealed files place own; uid ground stage bounds left_over fault none
privacy_export: name own; language fault none
privacy_tidying: kind none
procrastinate_jobs: args lock queueing_lock sweep; queue_name task_name none
procrastinate_periodic_defers: task_name periodic_id none
promises_nextnews: reason talk; outcome none
promises_promise: action who reason talk; outcome rule none
sla_agreement: name sweep
sla_agreementversion: terms note none
sla_calendar: name spec made_of none
sla_calendarversion: spec note none
sla_clock: kind state none
sla_incident: name told sweep; kind cause source none
sla_periodaccount: window currency evidence note none
sla_proposal: kind levels none
sla_replay: chosen wish state result none
socialaccount_socialaccount: provider uid extra_data none
socialaccount_socialapp: provider name client_id secret key provider_id settings none
socialaccount_socialtoken: token token_secret none
staff_company: name phone phone_hours none
staff_profile: speech position signature after_send none
staff_team: name none
"""
HOW = {"talk", "person", "address", "letter", "own", "sweep", "made", "none"}


def told() -> dict[str, dict[str, str]]:
    """Table → column → how."""
    found: dict[str, dict[str, str]] = {}
    for line in TABLES.strip().splitlines():
        table, _, rest = line.partition(": ")
        for part in rest.split("; "):
            *columns, how = part.split()
            assert how in HOW, part
            found.setdefault(table, {}).update(dict.fromkeys(columns, how))
    return found
