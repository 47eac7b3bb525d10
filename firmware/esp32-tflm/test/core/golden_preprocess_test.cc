// The preprocess as compiled here against the tensors that the agent's WebAssembly gives, byte by byte.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/golden.h"
#include "support/test.h"

extern "C" {
#include "preprocess.h"
}

using linegate::test::Golden;

namespace {

constexpr uint32_t kMagic = 0x5050474c;

// test/golden/preprocess/README.md.
struct Header {
  uint32_t magic;
  uint32_t version;
  struct preprocess_job job;
  uint32_t frame_bytes;
  uint32_t tensor_bytes;
};

bool Agrees(const Header& header, const uint8_t* frame) {
  if (preprocess_check(&header.job, header.frame_bytes) != PREPROCESS_OK) return false;
  const size_t workspace_bytes = preprocess_workspace_bytes(&header.job);
  void* workspace = malloc(workspace_bytes);
  auto* tensor = static_cast<uint8_t*>(malloc(header.tensor_bytes));
  const enum preprocess_fault fault =
      preprocess_run(&header.job, frame, header.frame_bytes, workspace, workspace_bytes, tensor, header.tensor_bytes);
  const bool same = fault == PREPROCESS_OK && memcmp(tensor, frame + header.frame_bytes, header.tensor_bytes) == 0;
  free(tensor);
  free(workspace);
  return same;
}

void Check(const char* name) {
  char path[128];
  (void)snprintf(path, sizeof path, "preprocess/%s", name);
  size_t size_bytes = 0;
  uint8_t* bytes = linegate::test::ReadGolden(path, &size_bytes);
  Header header = {};
  if (bytes != nullptr && size_bytes >= sizeof header) memcpy(&header, bytes, sizeof header);
  EXPECT_EQ(header.magic, kMagic);
  EXPECT_EQ(sizeof header + header.frame_bytes + header.tensor_bytes, size_bytes);
  if (header.magic == kMagic && !Agrees(header, bytes + sizeof header)) {
    linegate::test::Fail(name, 0, "the tensor is that of the golden file");
  }
  free(bytes);
}

}  // namespace

TEST(tensors_are_those_of_the_agent) {
  constexpr char kKey[] = "\"file\": \"";
  int files = 0;
  Golden golden("preprocess/index.json");
  while (golden.Next()) {
    const char* found = strstr(golden.Text(0), kKey);
    if (found == nullptr) continue;
    char name[64] = {};
    strncpy(name, found + strlen(kKey), sizeof name - 1);
    name[strcspn(name, "\"")] = '\0';
    Check(name);
    files++;
  }
  EXPECT(files > 30);
}
