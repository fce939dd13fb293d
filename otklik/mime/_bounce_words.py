"""Sentences of mail systems about letters that didn't arrive, in lower case. Plain pieces of text, so that a
look through a hostile letter takes linear time."""

SUBJECTS = (
    "undeliver", "returned mail", "returned to sender", "return mail", "delivery status", "delivery failure",
    "delivery notification", "delivery problem", "delivery report", "delivery has failed", "delivery to the following",
    "delivery failed", "delivery error", "delivery incomplete", "mail delivery", "mail failure", "mail system error",
    "mail error", "mail failed", "failure notice", "failure delivery", "failed", "could not be delivered",
    "message not delivered", "couldn't be delivered", "wasn't delivered", "rejected", "warning: message",
    "warning: could not", "delayed", "non delivery", "non-delivery", "nondeliverable", "bounce", "can't send",
    "nicht zustellbar", "unzustellbar", "non remis", "недоставлен", "не доставлен", "недоставка", "не удалось",
    "невозможно доставить", "ошибка доставки", "невозможность доставки", "не может быть доставлено", "сбой доставки",
    "возврат письма", "возврат почты", "уведомление о доставке", "уведомление о статусе", "отчет о доставке",
    "отчёт о доставке", "задержк", "доставка сообщения", "недоставлено", "проблема доставки", "не было доставлено",
)  # fmt: skip
PHRASES = (
    "failed to deliver", "failed addresses", "account is full", "account does not exist", "is not known here",
    "could not be delivered", "could not deliver", "could not reach", "could not be reached", "couldn't be delivered",
    "couldn't be found", "couldn't be reached", "wasn't delivered", "was not delivered", "not been delivered",
    "cannot be delivered", "can't be delivered", "undeliverable", "undelivered", "failed permanently",
    "permanent fatal error", "permanent error", "transient non-fatal errors", "delivery has failed",
    "delivery failed", "delivery to the following", "unable to deliver", "not able to deliver", "did not reach",
    "following address", "following recipient", "following destination", "has been delayed", "was delayed",
    "hasn't been delivered", "no such user", "no such recipient", "user unknown", "unknown user", "user not found",
    "recipient not found", "does not exist", "mailbox is full", "mailbox full", "mailbox unavailable",
    "mailbox not found", "no mailbox here", "address rejected", "address not found", "recipient rejected",
    "recipients rejected", "recipient refused", "message rejected", "message was rejected", "was returned",
    "returned to sender", "attempting to deliver", "delivery attempts", "over quota", "quota exceeded", "unrouteable",
    "unroutable", "has been rejected", "wasn't able to deliver", "gave up", "giving up on it",
    "не может быть доставлен", "не может быть отправлен", "не было доставлен", "не был доставлен", "не доставлен",
    "недоставлен", "не удалось доставить", "не удалось выполнить доставку", "не удалось отправить",
    "не удается доставить", "не удаётся доставить", "невозможно доставить", "доставка невозможна", "не найден",
    "доставка не удалась", "задержана доставка", "задерживается", "отклонил", "отклонено", "переполнен",
    "не существует", "konnte nicht zugestellt", "n'a pas pu être", "no se pudo entregar", "не дошло",
)  # fmt: skip
PASSING = (
    "delayed", "will continue to try", "will continue to be", "will keep trying", "will be retried", "will be made",
    "warning message only", "do not need to resend", "still trying", "hasn't been delivered yet",
    "not yet been delivered", "will try again", "задержк", "задержан", "задерживается", "попытки доставки будут",
    "попытки будут", "повторная попытка", "повторные попытки", "временн", "transient non-fatal errors",
)  # fmt: skip
ORIGINAL = (
    "copy of the message", "copy of the original", "copy of your message", "is a copy of", "a copy of the headers",
    "original message", "returned message", "unsent message", "message header", "transcript of session",
    "body of your message", "исходное сообщение", "исходное письмо", "копия письма", "копия исходного",
    "копия сообщения", "заголовки сообщения", "заголовки исходного", "текст письма",
)  # fmt: skip
ORIGINAL_STARTS = ("reporting-mta:", "received:", "return-path:", "message-id:", "dkim-signature:")
