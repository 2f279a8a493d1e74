package town

import (
	"math/rand/v2"

	"github.com/musubi-map/musubi/internal/network"
)

// lastYear is the year before that of Today: whatever happened in it is past.
const lastYear = 2023

func day(year, month, dayOfMonth int) network.PartialDate {
	d, err := network.NewDate(year, month, dayOfMonth)
	if err != nil {
		panic(err)
	}
	return network.Day(d)
}

// some is a date in the years first to last as well as people remember them: to
// the day, the month or the fiscal year.
func some(r *rand.Rand, first, last int) network.PartialDate {
	year, month := first+r.IntN(last-first+1), 1+r.IntN(12)
	switch r.IntN(4) {
	case 0:
		return network.InFiscalYear(network.FiscalYear(year - 1)) // it ends in year
	case 1:
		return network.MonthOf(year, month)
	}
	return day(year, month, 1+r.IntN(28))
}

// april is the day of transfers.
func april(year int) network.PartialDate { return day(year, 4, 1) }
