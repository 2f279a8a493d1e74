package backup_test

import (
	"bytes"
	"testing"

	"github.com/musubi-map/musubi/internal/backup/backuptest"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store/memory"
	"github.com/musubi-map/musubi/internal/verify"
	"github.com/musubi-map/musubi/internal/verify/verifytest"
)

func wantCode(t testing.TB, err error, code network.ErrorCode) {
	t.Helper()
	if got := network.CodeOf(err); got != code {
		t.Errorf("%v (%s), want %s", err, got, code)
	}
}

func TestIsAnEmptyMapABackup(t *testing.T) {
	data := backuptest.Written(t, memory.New(memory.Options{}))
	s := memory.New(memory.Options{})
	if done := backuptest.Restored(t, s, data); done.Revision != 0 || done.Commits != 0 {
		t.Errorf("%+v", done)
	}
}

func TestIsABackupVerifiedAsAStoreIs(t *testing.T) {
	data, _ := backuptest.Example(t)
	report, err := verify.File(t.Context(), bytes.NewReader(data))
	if err != nil || report.Found > 0 || report.Revision != verifytest.Revision || report.Records != 14 || report.Entries != 21 || report.Receipts != 6 {
		t.Errorf("%+v, %v", report, err)
	}
}
