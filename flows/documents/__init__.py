"""Documents written for people to keep: calendars and pictures, from plain values and free of any plan."""
