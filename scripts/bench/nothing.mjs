// What Node itself costs: an empty program.
