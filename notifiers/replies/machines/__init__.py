"""Mail that no person wrote: bounces, notices of absence, receipts."""
