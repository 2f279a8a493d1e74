package rolemap

import (
	"slices"
	"strings"
	"unicode"

	"github.com/musubi-map/musubi/internal/network"
)

// likeKeys are the spellings under which a stakeholder meets others.
type likeKeys struct {
	name, kana string
	others     []string
	more       []string // codes, web site, contact
}

func keysOf(l *Likeable) likeKeys {
	k := likeKeys{name: plainName(l.Name), kana: plainName(l.Kana)}
	for _, n := range l.Others {
		if p := plainName(n); p != "" && p != k.name && !slices.Contains(k.others, p) {
			k.others = append(k.others, p)
		}
	}
	for field, code := range l.Codes {
		k.more = append(k.more, "code\x00"+field+"\x00"+code)
	}
	if l.Website != "" {
		k.more = append(k.more, "web\x00"+network.Fold(l.Website))
	}
	if l.Contact != "" {
		k.more = append(k.more, "contact\x00"+network.Fold(l.Contact))
	}
	return k
}

// all are the keys of a stakeholder; who shares one is looked at. Names that
// differ in one character share what is left without it.
func (k *likeKeys) all() []string {
	out := slices.Clone(k.more)
	for _, n := range append(k.others, k.name) {
		if n != "" {
			out = append(out, "name\x00"+n)
		}
	}
	if k.kana != "" {
		out = append(out, "kana\x00"+k.kana)
	}
	if runes := []rune(k.name); len(runes) >= leastLike {
		out = append(out, "like\x00"+k.name)
		for i := range runes {
			out = append(out, "like\x00"+string(runes[:i])+string(runes[i+1:]))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// oneApart tells whether two names differ in one character: another, or one
// more.
func oneApart(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) < leastLike || len(y)-len(x) > 1 {
		return false
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	if len(x) == len(y) {
		return i < len(x) && slices.Equal(x[i+1:], y[i+1:])
	}
	return slices.Equal(x[i:], y[i+1:])
}

// legalForms say what a body is in law, as they are written in front of or behind
// its name, folded.
var legalForms = foldedForms("株式会社", "(株)", "有限会社", "(有)", "合同会社", "(同)", "合資会社", "(資)", "合名会社", "(名)",
	"一般社団法人", "(一社)", "公益社団法人", "(公社)", "一般財団法人", "(一財)", "公益財団法人", "(公財)", "社団法人", "財団法人",
	"特定非営利活動法人", "NPO法人", "(特非)", "学校法人", "(学)", "社会福祉法人", "(福)", "(社福)", "医療法人", "(医)",
	"国立大学法人", "公立大学法人", "独立行政法人", "(独)", "co.,ltd.", "co., ltd.", "inc.", "k.k.")

func foldedForms(forms ...string) []string {
	for i, f := range forms {
		forms[i] = network.Fold(f)
	}
	return forms
}

// variants are characters of names that are written in several ways.
var variants = strings.NewReplacer("髙", "高", "﨑", "崎", "嵜", "崎", "濵", "浜", "濱", "浜", "邊", "辺", "邉", "辺", "澤", "沢", "齋", "斉", "齊", "斉", "斎", "斉",
	"櫻", "桜", "國", "国", "學", "学", "廣", "広", "龍", "竜", "瀧", "滝", "嶋", "島", "嶌", "島", "冨", "富", "眞", "真", "惠", "恵", "藏", "蔵", "鹽", "塩", "鹽", "塩", "會", "会", "總", "総", "縣", "県", "驛", "駅", "假", "仮",
	"が", "け", "ヶ", "け", "ヵ", "か")

// founders are whose name a school may carry in front of its own.
var founders = []string{"市立", "町立", "村立", "県立", "都立", "府立", "道立", "区立", "組合立"}

// plainName is a name without what people write in different ways: width and
// kana, spaces and marks, legal forms, variants of characters, and who founded a
// school.
func plainName(name string) string {
	folded := network.Fold(name)
	s := folded
	for _, form := range legalForms {
		s = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(s, form), form))
	}
	s = variants.Replace(s)
	for _, f := range founders {
		if _, own, found := strings.Cut(s, f); found && own != "" && strings.Contains(own, "校") {
			s = own
		}
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) || r == 'ー' {
			return r
		}
		return -1
	}, s)
	if s == "" {
		return folded
	}
	return s
}
