package town

import (
	"fmt"

	"github.com/musubi-map/musubi/internal/network"
)

const prefectures = 47

// Numbers of the records that municipalities share.
const (
	firstTopic        = 0
	firstPrefecture   = 1000
	firstMunicipality = 2000
)

func topicID(n int) network.ID           { return idAt(uint64(firstTopic + n)) }
func prefectureID(number int) network.ID { return idAt(uint64(firstPrefecture + number)) }

// common streams topics and the prefectures that have a municipality.
func (m *Map) common(s *stream) {
	for i, w := range topicNames {
		s.put(topicID(i), "Topic", map[string]any{"name": w.text, "nameKana": w.kana})
	}
	for p := 1; p <= min(prefectures, len(m.towns)); p++ {
		s.put(prefectureID(p), "Area", map[string]any{"name": fmt.Sprintf("架空%d県", p), "nameKana": fmt.Sprintf("かくう%dけん", p), "level": "PREFECTURE", "areaCode": prefectureCode(p)})
	}
}
