/// Checkpoints that an attacker made: nothing is run, nothing is read beyond its end.
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "base/error.h"
#include "base/random.h"
#include "base/text.h"
#include "fuzz/input_file.h"
#include "io/elements.h"
#include "io/pickle_checkpoint.h"
#include "support/pickle_builder.h"

namespace io = rppg::io;
using namespace rppg::test;
using rppg::concat;
using rppg::fuzz::InputFile;

namespace {

std::vector<io::NamedArray> read(const std::string& pickle) {
  return io::read_pickle_checkpoint(InputFile(checkpoint_of(pickle).finish()).path());
}

/// What the reader says about a pickle, without the name of the file.
std::string verdict(const std::string& pickle) {
  const InputFile file(checkpoint_of(pickle).finish());
  try {
    io::read_pickle_checkpoint(file.path());
  } catch (const rppg::Error& error) {
    return std::string(error.what()).substr(file.path().string().size() + 2);
  }
  return "accepted";
}

std::string tensor_verdict(const PickledTensor& tensor) {
  return verdict(pickle_of(tensor.text()));
}

std::string repeated(std::string_view part, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += part;
  return text;
}

}  // namespace

TEST_CASE("code is named and refused") {
  const std::string command = pickle_text("touch /tmp/rppg-was-here");
  const std::string refusal = "refuses to load: the pickle wants to ";
  CHECK(verdict(pickle("cos\nsystem\n(" + command + "tR")) == refusal + "call os.system");
  CHECK(verdict(pickle("c__builtin__\neval\n(" + command + "tR")) ==
        refusal + "call __builtin__.eval");
  CHECK(verdict(pickle("c\nos.system\n)R")) == refusal + "call .os.system");
  // A name that only begins or ends like an allowed one, or has its dot elsewhere.
  CHECK(verdict(pickle("ctorch\nFloatStorage.x\n)R")) == refusal + "call torch.FloatStorage.x");
  CHECK(verdict(pickle("ctorch\n_utils._rebuild_tensor\n)R")) ==
        refusal + "call torch._utils._rebuild_tensor");
  // In a value that is thrown away, and beside a tensor.
  CHECK(verdict(pickle_of(concat(ordered_dictionary, "cos\nsystem\n(", command, "tRb"))) ==
        refusal + "call os.system");
  CHECK(verdict(pickle(concat("}(", pickle_text("a"), PickledTensor{}.text(), pickle_text("b"),
                              "cposix\nsystem\n(", command, "tRu"))) ==
        refusal + "call posix.system");
}

TEST_CASE("opcodes that could make or change objects are refused") {
  const std::string command = pickle_text("id");
  const struct {
    std::string body;
    const char* opcode;
  } cases[] = {
      {"(" + command + "ios\nsystem\n", "0x69 (byte 10)"},                     // INST
      {"(" + pickle_text("os") + command + "o", "0x6f (byte 17)"},             // OBJ
      {")\x81", "0x81 (byte 3)"},                                              // NEWOBJ
      {")}\x92", "0x92 (byte 4)"},                                             // NEWOBJ_EX
      {pickle_text("os") + pickle_text("system") + "\x93", "0x93 (byte 20)"},  // STACK_GLOBAL
      {"\x82\x01", "0x82 (byte 2)"},                                           // EXT1
      {std::string("\x83\x01\x00", 3), "0x83 (byte 2)"},                       // EXT2
      {std::string("\x84\x01\x00\x00\x00", 5), "0x84 (byte 2)"},               // EXT4
      {"Pid\n", "0x50 (byte 2)"},                                              // PERSID
      {"S'x'\n", "0x53 (byte 2)"},                                             // STRING
      {"I01\n", "0x49 (byte 2)"},                                              // INT
      {"}2", "0x32 (byte 3)"},                                                 // DUP
      {"}0", "0x30 (byte 3)"},                                                 // POP
      {"\x8F", "0x8f (byte 2)"},                                               // EMPTY_SET
      {std::string("\x95\0\0\0\0\0\0\0\0", 9), "0x95 (byte 2)"},               // FRAME
      {"\x97", "0x97 (byte 2)"},                                               // NEXT_BUFFER
      {"\xFF", "0xff (byte 2)"},
  };
  for (const auto& [body, opcode] : cases) {
    CHECK(verdict(pickle(body)) ==
          concat("refuses to load: the pickle wants to use opcode ", opcode));
  }
  const std::string state = "refuses to load: the pickle wants to set the state of an object";
  CHECK(verdict(pickle_of(concat(PickledTensor{}.text(), "}b"))) == state);
  CHECK(verdict(pickle("ctorch\nFloatStorage\n}b")) == state);
  CHECK(verdict(pickle(pickle_text("os.system") + ")R")) ==
        "refuses to load: the pickle wants to call something that is no name");
}

TEST_CASE("only torch's own ways to describe tensors are followed") {
  const std::string tensor = PickledTensor{}.text();
  CHECK(verdict(pickle_of(tensor)) == "accepted");
  CHECK(verdict(pickle_of("ctorch\nFloatStorage\n)R")) == "a: made by torch.FloatStorage");
  CHECK(verdict(pickle_of("ctorch\nFloatStorage\n")).find("neither tensor") == 3);
  CHECK(verdict(pickle_of("NQ")).find("neither tensor") == 3);
  CHECK(verdict(pickle(concat("}", tensor, tensor, "s"))) ==
        "checkpoint: a key that is neither text nor integer");
  CHECK(verdict(pickle(tensor)) == "checkpoint: a tensor's name must be printable ASCII");
  CHECK(verdict(pickle(concat("}", pickle_text("\xC3\xA9"), tensor, "s"))) ==
        "\xC3\xA9: a tensor's name must be printable ASCII");
  CHECK(verdict(pickle(concat("}(", repeated(pickle_text("a") + tensor, 2), "u"))) ==
        "a: occurs twice");
  CHECK(verdict(pickle(concat("}(", pickle_text("a"), "}", pickle_text("b"), tensor, "s",
                              pickle_text("a/b"), tensor, "u"))) == "a/b: occurs twice");
  const std::string parameter = "ctorch._utils\n_rebuild_parameter\n";
  CHECK(verdict(pickle_of(concat(parameter, "(", tensor, "\x88}tR"))) == "accepted");
  CHECK(verdict(pickle_of(concat(parameter, "(", tensor, "tR"))) ==
        "a: not described as torch describes parameters");
  CHECK(verdict(pickle_of(concat(parameter, "(", parameter, "(", tensor, "\x88}tR\x88}tR"))) ==
        "a: not described as torch describes parameters");
  const std::string rebuild = "ctorch._utils\n_rebuild_tensor_v2\n";
  for (const std::string_view arguments : {")", "NNN\x87", "(NNNNNNt", "(NQK\1NNNNt"}) {
    CHECK(verdict(pickle_of(concat(rebuild, arguments, "R"))) ==
          "a: not described as torch describes tensors");
  }
  for (const std::string_view type : {"N", "ctorch._utils\n_rebuild_tensor_v2\n"}) {
    CHECK(verdict(pickle_of(PickledTensor{.type = std::string(type)}.text()))
              .find("a: not described as torch describes") == 0);
  }
}

TEST_CASE("views stay in their storages") {
  constexpr std::int64_t huge = std::numeric_limits<std::int64_t>::max();
  CHECK(tensor_verdict({.extents = {2, 2}, .strides = {1, 2}}) == "accepted");
  CHECK(tensor_verdict({.offset = 3, .extents = {1}}) == "accepted");
  CHECK(tensor_verdict({.extents = {1}, .strides = {huge}}) == "accepted");
  CHECK(tensor_verdict({.extents = {}, .strides = {}}) == "accepted");

  const std::string beyond = "a: reaches beyond its storage of 4 elements";
  CHECK(tensor_verdict({.extents = {5}}) == beyond);
  CHECK(tensor_verdict({.offset = 1}) == beyond);
  CHECK(tensor_verdict({.offset = huge, .extents = {1}}) == beyond);
  CHECK(tensor_verdict({.extents = {2}, .strides = {4}}) == beyond);
  CHECK(tensor_verdict({.extents = {2}, .strides = {huge}}) == beyond);
  CHECK(tensor_verdict({.offset = huge, .extents = {3}, .strides = {huge}}) == beyond);
  CHECK(tensor_verdict({.extents = {std::int64_t{1} << 32, std::int64_t{1} << 32},
                        .strides = {0, 0}}) == beyond);
  CHECK(tensor_verdict({.extents = {huge, huge, 2}, .strides = {0, 0, 0}}) == beyond);
  CHECK(tensor_verdict({.extents = {0, huge}, .strides = {1, 1}}) == beyond);
  CHECK(tensor_verdict({.extents = {1000}, .strides = {0}}) == beyond);

  CHECK(tensor_verdict({.offset = -1}) == "a: a size or stride of -1");
  CHECK(tensor_verdict({.extents = {-4}}) == "a: a size or stride of -4");
  CHECK(tensor_verdict({.offset = 3, .strides = {-1}}) == "a: a size or stride of -1");
  CHECK(tensor_verdict({.storage_count = -4}) == "a: a size or stride of -4");
  CHECK(tensor_verdict({.extents = {4, 1}}) == "a: 2 extents, 1 strides");
  CHECK(tensor_verdict({.extents = std::vector<std::int64_t>(9, 1)}) == "a: 9 extents");
}

TEST_CASE("storages have exactly the size that they declare") {
  CHECK(tensor_verdict({.extents = {1}, .storage_count = 3}) ==
        "a: its storage has 16 bytes, not 3 elements of 4");
  CHECK(tensor_verdict({.extents = {100}, .storage_count = 100}) ==
        "a: its storage has 16 bytes, not 100 elements of 4");
  // 4 bytes times 2^62 + 4 are 16 in 64 bits.
  CHECK(tensor_verdict(
            {.offset = 1 << 30, .extents = {1}, .storage_count = (std::int64_t{1} << 62) + 4})
            .find("a: its storage has 16 bytes") == 0);
  CHECK(tensor_verdict({.type = "ctorch\nDoubleStorage\n"}) ==
        "a: its storage has 16 bytes, not 4 elements of 8");
  CHECK(tensor_verdict({.storage = "1"}) == "zip entry \"data/1\" is missing");
  CHECK(tensor_verdict({.storage = "../data.pkl"}) == "zip entry \"data/../data.pkl\" is missing");
}

TEST_CASE("damaged pickles are refused with the place") {
  const auto starts = [](const std::string& pickle, std::string_view start) {
    CAPTURE(start);
    const std::string said = verdict(pickle);
    CAPTURE(said);
    CHECK(said.starts_with(start));
  };
  starts("", "pickle, byte 0: not a pickle of protocol 2");
  starts("\x80\x04.", "pickle, byte 0: only pickle protocol 2");
  starts("\x80\x02", "pickle, byte 2: ends too early");
  starts(pickle(""), "pickle, byte 2: the stack has too few values");
  starts(pickle("(}"), "pickle, byte 4: values are left on the stack");
  starts(pickle("}}"), "pickle, byte 4: values are left on the stack");
  starts(pickle("}") + ".", "pickle, byte 3: bytes follow the end");
  starts(pickle("}t"), "pickle, byte 3: no mark on the stack");
  starts(pickle("}(a"), "pickle, byte 4: the stack has too few values");
  starts(pickle("}(Nu"), "pickle, byte 5: a key without value");
  starts(pickle("]NNs"), "pickle, byte 5: a value has the wrong type");
  starts(pickle("}Na"), "pickle, byte 4: a value has the wrong type");
  starts(pickle("h\1"), "pickle, byte 2: recalls a value that was not remembered");
  starts(pickle("}r\xFF\xFF\xFF\xFF"), "pickle, byte 3: remembers too many values");
  starts(pickle("q\1"), "pickle, byte 2: the stack has too few values");
  starts(pickle("X\xFF\xFF\xFF\xFF"), "pickle, byte 2: a text of 4294967295 bytes");
  starts(pickle("\x8A\x09"), "pickle, byte 2: an integer of more than 64 bits");
  starts(pickle("c" + std::string(300, 'x')), "pickle, byte 2: a name has no end");
  starts(pickle("ctorch\nFloatStorage\nNR"), "pickle, byte 23: arguments that are no tuple");
  starts(pickle("ccollections\nOrderedDict\nN\x85R"), "pickle, byte 29: an ordered dictionary");
}

TEST_CASE("recursion and repetition end") {
  // 5000 nested lists: the stack; closed one by one: the depth.
  CHECK(verdict(pickle(repeated("]", 5000))) == "pickle, byte 4098: the stack overflows");
  CHECK(verdict(pickle(repeated("(", 5000))) == "pickle, byte 4098: the stack overflows");
  CHECK(verdict(pickle(repeated("]", 4000) + repeated("a", 3999))).find("nested too deeply") !=
        std::string::npos);
  CHECK(verdict(pickle(repeated("N", 1) + repeated("\x85", 100000))).find("nested too deeply") !=
        std::string::npos);
  CHECK(verdict(concat("\x80\x02N", repeated("\x85", 1'000'000), "."))
            .find("more than 1000000 opcodes") != std::string::npos);
  // A dictionary that contains itself.
  CHECK(verdict(pickle(concat("}q", '\1', pickle_text("a"), "h", '\1', "s")))
            .find("nested too deeply") != std::string::npos);
  // 2^20 and more ways to a list that is stored once.
  std::string laughs = "]q";
  laughs += '\1';
  for (int i = 0; i < 24; ++i) laughs += "h\1h\1\x86q\1";
  CHECK(verdict(pickle(concat("(", laughs, "t"))).find("too many values") != std::string::npos);
  // One tensor three thousand times, each from two bytes of the pickle.
  const PickledTensor tensor{.extents = {16}, .storage_count = 16, .type = "ctorch\nByteStorage\n"};
  std::string copies = concat("(", tensor.text(), "q", '\1');
  copies += repeated("h\1", 3000);
  CHECK(verdict(pickle(copies + "t")).find("more than the file can hold") != std::string::npos);
}

TEST_CASE("a long way of names is refused") {
  const std::string key = pickle_text(std::string(1000, 'k'));
  std::string nested = PickledTensor{}.text();
  for (int i = 0; i < 5; ++i) nested = concat("}", key, nested, "s");
  CHECK(verdict(pickle(nested)).find("a name that is too long") != std::string::npos);
}

TEST_CASE("changed pickles in sound archives give sound tensors or errors") {
  const std::string sound = pickle(
      concat("}(", pickle_text("a"), PickledTensor{.extents = {2, 2}, .strides = {1, 2}}.text(),
             pickle_text("b"), PickledTensor{.offset = 1, .extents = {3}}.text(), pickle_text("c"),
             "](NK\1G12345678e", "u"));
  const rppg::Random random(11, "pickles");
  int accepted = 0;
  for (std::uint64_t i = 0; i < 1500; ++i) {
    std::string changed = sound;
    for (std::uint64_t change = 0; change <= i % 3; ++change) {
      const std::uint64_t index = 8 * i + 2 * change;
      changed[random.integer(index, changed.size())] =
          static_cast<char>(random.integer(index + 1, 256));
    }
    try {
      for (const io::NamedArray& array : read(changed)) {
        CHECK(io::element_count(array.extents) == array.values.size() + array.integers.size());
      }
      ++accepted;
    } catch (const rppg::Error&) {
    }
  }
  CHECK(accepted > 0);
  CHECK(accepted < 750);
}
