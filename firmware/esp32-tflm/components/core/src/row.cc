#include "linegate/core/row.h"

#include "linegate/core/json.h"

namespace linegate {
namespace {

void PutPart(const Row& row, Json* json) {
  if (row.part == 0) {
    json->Null();
  } else {
    json->Integer(static_cast<int64_t>(row.part));
  }
}

void PutScore(const Row& row, Json* json) {
  if (row.score < 0) {
    json->Null();
  } else {
    json->Number(row.score);
  }
}

void PutRecipe(const Row& row, Json* json) {
  if (row.recipe == nullptr) {
    json->Null();
  } else {
    json->String(row.recipe);
  }
}

}  // namespace

Hash Genesis(const char* epoch) {
  Sha256 sha;
  sha.Update("linegate ledger ");
  sha.Update(epoch);
  return sha.Finish();
}

Status ChainHash(const Hash& previous, const Row& row, char* scratch, size_t scratch_bytes, Hash* hash) {
  Json json(scratch, scratch_bytes);
  json.BeginArray().Integer(static_cast<int64_t>(row.seq)).Integer(row.session).String(row.kind);
  json.Number(row.mono_ms).Number(row.wall_ms);
  PutPart(row, &json);
  json.String(row.outcome);
  PutScore(row, &json);
  PutRecipe(row, &json);
  json.Raw(row.payload).EndArray();
  if (!json.Ok()) return Status::kNoSpace;
  char before[kHashTextBytes];
  HexOf(previous, before);
  Sha256 sha;
  sha.Update(before);
  sha.Update(scratch, json.SizeBytes());
  *hash = sha.Finish();
  return Status::kOk;
}

Status WireText(const Row& row, const Hash& hash, char* text, size_t capacity, size_t* size_bytes) {
  char digits[kHashTextBytes];
  HexOf(hash, digits);
  Json json(text, capacity);
  json.BeginObject().Key("hash").String(digits).Key("kind").String(row.kind);
  json.Key("monoMs").Number(row.mono_ms).Key("outcome").String(row.outcome).Key("part");
  PutPart(row, &json);
  json.Key("payload").Raw(row.payload).Key("recipe");
  PutRecipe(row, &json);
  json.Key("score");
  PutScore(row, &json);
  json.Key("seq").Integer(static_cast<int64_t>(row.seq)).Key("session").Integer(row.session);
  json.Key("wallMs").Number(row.wall_ms).EndObject();
  if (!json.Ok()) return Status::kNoSpace;
  *size_bytes = json.SizeBytes();
  return Status::kOk;
}

}  // namespace linegate
