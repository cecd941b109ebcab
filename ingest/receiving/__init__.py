"""Receiving: messages of journals and of 112 become events of the register, once each, and a receipt goes back.

In: messages, over RabbitMQ, HTTPS or a watched folder. Out: events, receipts, a quarantine. See docs/ingestion.md.
"""
