// Checks a published log with Go's own golang.org/x/mod/sumdb: tlog and note know nothing of this project.
//
// usage: verify URL VKEY TOKEN [OLD_CHECKPOINT...]
//
// It reads checkpoint and tiles from URL, opens the note with the key, checks the tree against the tiles, proves every
// leaf to be in it, every line to be its leaf, where there is a token to ask for lines with, and every old checkpoint to be its beginning.
package main

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

type log struct {
	url, token string
	tiles      map[string][]byte
}

func (l log) get(path string) []byte {
	request, err := http.NewRequest("GET", l.url+path, nil)
	must(err)
	request.Header.Set("Authorization", "Bearer "+l.token)
	response, err := http.DefaultClient.Do(request)
	must(err)
	defer response.Body.Close()
	if response.StatusCode != 200 {
		must(fmt.Errorf("%s: %s", path, response.Status))
	}
	data, err := io.ReadAll(response.Body)
	must(err)
	return data
}

func (l log) Height() int { return height }

// ReadTiles asks for tiles under the addresses of C2SP tlog-tiles, which leave out the height.
func (l log) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	for i, tile := range tiles {
		path := "/tile/" + strings.TrimPrefix(tile.Path(), "tile/8/")
		if l.tiles[path] == nil {
			l.tiles[path] = l.get(path)
		}
		data[i] = l.tiles[path]
		if len(data[i]) != tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s has %d bytes", tile.Path(), len(data[i]))
		}
	}
	return data, nil
}

func (l log) SaveTiles([]tlog.Tile, [][]byte) {}

// open checks the note of a checkpoint and reads its three lines.
func open(data []byte, vkey string) tlog.Tree {
	verifier, err := note.NewVerifier(vkey)
	must(err)
	opened, err := note.Open(data, note.VerifierList(verifier))
	must(err)
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		must(fmt.Errorf("this is not a checkpoint of %s", verifier.Name()))
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := base64.StdEncoding.DecodeString(lines[2])
	must(err)
	tree := tlog.Tree{N: size}
	copy(tree.Hash[:], root)
	return tree
}

func main() {
	l, vkey := log{os.Args[1], os.Args[3], map[string][]byte{}}, os.Args[2]
	tree := open(l.get("/checkpoint"), vkey)
	reader := tlog.TileHashReader(tree, l)
	for n := int64(0); n < tree.N; n++ {
		proof, err := tlog.ProveRecord(tree.N, n, reader)
		must(err)
		hashes, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, n)})
		must(err)
		must(tlog.CheckRecord(proof, tree.N, tree.Hash, n, hashes[0]))
	}
	lines := int64(0)
	if l.token != "" {
		lines = checkLines(l, tree, reader)
	}
	for _, name := range os.Args[4:] {
		data, err := os.ReadFile(name)
		must(err)
		old := open(data, vkey)
		proof, err := tlog.ProveTree(tree.N, old.N, reader)
		must(err)
		must(tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash))
	}
	fmt.Printf("size %d, %d lines, %d older\n", tree.N, lines, len(os.Args)-4)
}

// checkLines compares the lines of the entry bundles, each after its length in two bytes, with their leaves.
func checkLines(l log, tree tlog.Tree, reader tlog.HashReader) int64 {
	n := int64(0)
	for n < tree.N {
		tile := tlog.Tile{H: height, L: 0, N: n >> height, W: 1 << height}
		if tree.N-n < 1<<height {
			tile.W = int(tree.N - n)
		}
		data := l.get("/tile/entries/" + strings.TrimPrefix(tile.Path(), "tile/8/0/"))
		for ; len(data) > 2; n++ {
			length := int(data[0])<<8 | int(data[1])
			hashes, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, n)})
			must(err)
			if tlog.RecordHash(data[2:2+length]) != hashes[0] {
				must(fmt.Errorf("line %d is not its leaf", n+1))
			}
			data = data[2+length:]
		}
	}
	return n
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
