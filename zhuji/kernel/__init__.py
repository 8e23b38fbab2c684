"""The ground floor: calendar, values, comparators, money, codes, errors; standard library only."""
