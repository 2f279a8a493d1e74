package exchange

import (
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// StakeholderKinds are the kinds of stakeholder that a name stands for, as people
// write it: School, Career Consultant, 学校, or Organization for all of these;
// nil when it is none.
func StakeholderKinds(name string) []*network.Kind {
	all := network.Concrete(network.StakeholderInterface)
	kinds := network.Concrete(name)
	if k := kindNames[network.Fold(name)]; k != nil {
		kinds = []*network.Kind{k}
	}
	for _, k := range kinds {
		if !slices.Contains(all, k) {
			return nil
		}
	}
	return kinds
}
