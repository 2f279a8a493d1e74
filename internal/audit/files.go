package audit

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// A log is a file, and before it those that were closed: each has the number of its
// last line behind its name, in so many digits that their order is that of the names.

func closedName(path string, last int64) string { return fmt.Sprintf("%s.%012d", path, last) }

// Files are the files of the log at path that are there, in the order of their lines.
func Files(path string) ([]string, error) {
	files, err := closedFiles(path)
	if err != nil {
		return nil, failed(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) || len(files) == 0 {
		files = append(files, path)
	}
	return files, nil
}

func closedFiles(path string) (files []string, err error) {
	entries, err := os.ReadDir(filepath.Dir(path)) // sorted by name
	for _, e := range entries {
		number, ours := strings.CutPrefix(e.Name(), filepath.Base(path)+".")
		if ours && len(number) == 12 && strings.Trim(number, "0123456789") == "" {
			files = append(files, filepath.Join(filepath.Dir(path), e.Name()))
		}
	}
	return files, err
}
