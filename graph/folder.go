package graph

import "io/fs"

// A Folder is where the files are that a patch names: it reads none outside of it. The zero Folder is
// that of no patch: a file is named as package os has it.
type Folder struct {
	Dir  string // on disk; empty if it is not on one
	FS   fs.FS  // the same folder, if Dir is empty
	Base string // folder of the file that names others, from the patch's folder on, with slashes
}

// A FileReader reads files that its parameters name. It is given the patch's folder before it is checked.
type FileReader interface {
	SetFolder(f Folder)
	Folder() Folder // what was set
}
