"""Personal data as the law asks (152-FZ, GDPR; R-L4): what a person gets, what is erased, how long things are kept."""
