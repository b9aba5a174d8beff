// Prints the arrays of .npz files, a line each: file, name, shape, the FNV-1a
// hash of the numbers' bytes. No C++ library that reads .npz can be installed by
// a package manager here, so this reads them under the assumptions of one that
// is much used (cnpy), and stops where one does not hold: it goes from local
// header to local header and trusts what they say; what follows is stored, is of
// version 1.0, and has its shape between brackets; names end in .npy; the file
// ends with a record of 22 bytes that counts the arrays. Each array is then read
// a second time by xtensor, where that is installed.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>
#if __has_include(<xtensor/xnpy.hpp>)
#include <xtensor/xarray.hpp>
#include <xtensor/xnpy.hpp>
#endif

using Bytes = std::string;

static void need(bool holds, const std::string &what) {
  if (!holds) throw std::runtime_error(what);
}

static uint32_t number(const Bytes &s, size_t at, int bytes) {
  need(at + bytes <= s.size(), "the file ends too early");
  uint32_t n = 0;
  for (int i = bytes - 1; i >= 0; i--) n = n << 8 | (unsigned char)s[at + i];
  return n;
}

static uint64_t fnv(const char *p, size_t n) {
  uint64_t h = 0xcbf29ce484222325;
  for (size_t i = 0; i < n; i++) h = (h ^ (unsigned char)p[i]) * 0x100000001b3;
  return h;
}

// array prints one array in the .npy format.
static void array(const char *file, const std::string &name, const Bytes &npy) {
  need(npy.compare(0, 8, Bytes("\x93NUMPY\x01\x00", 8)) == 0, name + ": not version 1.0");
  const size_t begin = 10 + number(npy, 8, 2);
  need(begin % 64 == 0 && begin <= npy.size() && npy[begin - 1] == '\n', name + ": data do not begin at a multiple of 64");
  const std::string header = npy.substr(10, begin - 10);
  need(header.find("'descr': '<f8'") != Bytes::npos && header.find("'fortran_order': False") != Bytes::npos, name + ": not rows of float64");
  const size_t open = header.find('('), close = header.find(')');
  need(open != Bytes::npos && close != Bytes::npos, name + ": no shape");
  const std::string tuple = header.substr(open + 1, close - open - 1);
  const std::regex digits("[0-9]+");
  std::vector<size_t> shape;
  for (std::sregex_iterator i(tuple.begin(), tuple.end(), digits), end; i != end; ++i) shape.push_back(std::stoul(i->str()));
  size_t size = 8;
  std::string text;
  for (size_t n : shape) size *= n, text += (text.empty() ? "" : ",") + std::to_string(n);
  need(begin + size == npy.size(), name + ": the shape is not that of the data");
  const uint64_t hash = fnv(npy.data() + begin, size);
#if __has_include(<xtensor/xnpy.hpp>)
  std::istringstream stream(npy);
  const auto again = xt::load_npy<double>(stream);
  need(std::equal(shape.begin(), shape.end(), again.shape().begin(), again.shape().end()), name + ": xtensor reads another shape");
  need(fnv(reinterpret_cast<const char *>(again.data()), size) == hash, name + ": xtensor reads other numbers");
#endif
  std::printf("%s %s %s %016llx\n", file, name.c_str(), text.c_str(), (unsigned long long)hash);
}

// archive prints the arrays of a file.
static void archive(const char *path) {
  std::ifstream in(path, std::ios::binary);
  const Bytes zip((std::istreambuf_iterator<char>(in)), {});
  size_t at = 0;
  uint32_t arrays = 0;
  for (; number(zip, at, 4) == 0x04034b50; arrays++) {
    const uint32_t flags = number(zip, at + 6, 2), method = number(zip, at + 8, 2), date = number(zip, at + 12, 2);
    const uint32_t packed = number(zip, at + 18, 4), size = number(zip, at + 22, 4);
    const uint32_t length = number(zip, at + 26, 2), extra = number(zip, at + 28, 2);
    std::string name = zip.substr(at + 30, length);
    need(name.size() > 4 && name.substr(name.size() - 4) == ".npy", name + ": does not end in .npy");
    name.resize(name.size() - 4);
    need((flags & 8) == 0, name + ": sizes are behind the data");
    need(method == 0 && packed == size, name + ": is compressed");
    need((date & 31) >= 1 && (date >> 5 & 15) >= 1 && (date >> 5 & 15) <= 12, name + ": the date is none");
    at += 30 + length + extra;
    need(at + size <= zip.size(), name + ": the file ends too early");
    array(path, name, zip.substr(at, size));
    at += size;
  }
  need(number(zip, at, 4) == 0x02014b50, "no directory follows the last array");
  need(zip.size() >= 22 && number(zip, zip.size() - 22, 4) == 0x06054b50, "does not end with a record of 22 bytes");
  need(number(zip, zip.size() - 12, 2) == arrays, "the last record counts other arrays");
}

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    try {
      archive(argv[i]);
    } catch (const std::exception &e) {
      std::fprintf(stderr, "%s: %s\n", argv[i], e.what());
      return 1;
    }
  }
}
