#include "io/pickle_machine.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/error.h"
#include "base/text.h"

namespace rppg::io::pickle {
namespace {

constexpr std::size_t most_opcodes = 1'000'000;
constexpr std::size_t most_on_stack = 4096;
constexpr std::size_t most_remembered = 200'000;
constexpr std::size_t longest_global = 256;
constexpr std::uint8_t protocol = 2;
constexpr Id nothing = std::numeric_limits<Id>::max();
constexpr std::string_view ordered_dictionary = "collections.OrderedDict";

/// Python's names and codes (Lib/pickletools.py).
enum class Opcode : std::uint8_t {
  mark = '(',
  stop = '.',
  none = 'N',
  new_true = 0x88,
  new_false = 0x89,
  binint = 'J',
  binint1 = 'K',
  binint2 = 'M',
  long1 = 0x8A,
  binfloat = 'G',
  binunicode = 'X',
  empty_tuple = ')',
  tuple1 = 0x85,
  tuple2 = 0x86,
  tuple3 = 0x87,
  tuple = 't',
  empty_list = ']',
  append = 'a',
  appends = 'e',
  empty_dict = '}',
  setitem = 's',
  setitems = 'u',
  binget = 'h',
  long_binget = 'j',
  binput = 'q',
  long_binput = 'r',
  global = 'c',
  reduce = 'R',
  build = 'b',
  binpersid = 'Q',
  proto = 0x80,
};

std::string hexadecimal(std::uint8_t byte) {
  constexpr std::string_view digits = "0123456789abcdef";
  return {'0', 'x', digits[byte >> 4], digits[byte & 15]};
}

class Machine {
 public:
  Machine(std::string_view pickle, std::span<const std::string_view> allowed_globals,
          const std::filesystem::path& file)
      : pickle_(pickle), allowed_globals_(allowed_globals), file_(file) {}

  Tree run();

 private:
  [[noreturn]] void fail(std::string_view why) const {
    throw Error(Status::malformed, file_, concat("pickle, byte ", opcode_at_, ": ", why));
  }
  [[noreturn]] void refuse(std::string_view what) const {
    throw Error(Status::malformed, file_, concat("refuses to load: the pickle wants to ", what));
  }

  // The program.
  std::string_view take(std::size_t count);
  std::string_view take_line();
  std::uint64_t take_unsigned(std::size_t count);
  std::int64_t take_signed(std::size_t count);
  void execute(Opcode opcode);

  // The stack; values below the innermost mark are out of reach.
  void push(Id id);
  void push(Node node);
  void push_integer(std::int64_t value) { push({.kind = Kind::integer, .integer = value}); }
  void push_boolean(bool value) { push({.kind = Kind::boolean, .integer = value ? 1 : 0}); }
  Id pop();
  std::vector<Id> pop(std::size_t count);
  std::vector<Id> pop_to_mark();
  Node& top(Kind kind);
  void remember(std::uint64_t index);
  void recall(std::uint64_t index);

  void push_text();
  void push_global();
  void append(const std::vector<Id>& items);
  void set(const std::vector<Id>& keys_and_values);
  void reduce();
  void build();

  std::string_view pickle_;
  std::span<const std::string_view> allowed_globals_;
  const std::filesystem::path& file_;
  std::size_t at_ = 0;
  std::size_t opcode_at_ = 0;
  Tree tree_;
  std::vector<Id> stack_;
  std::vector<std::size_t> marks_;  // heights of the stack
  std::vector<Id> remembered_;
};

std::string_view Machine::take(std::size_t count) {
  if (count > pickle_.size() - at_) fail("ends too early");
  return pickle_.substr(std::exchange(at_, at_ + count), count);
}

std::string_view Machine::take_line() {
  const std::size_t end = pickle_.substr(at_, longest_global + 1).find('\n');
  if (end == std::string_view::npos) fail("a name has no end");
  return take(end + 1).substr(0, end);
}

std::uint64_t Machine::take_unsigned(std::size_t count) {
  const std::string_view bytes = take(count);
  std::uint64_t value = 0;
  for (std::size_t i = count; i-- > 0;) value = value << 8 | static_cast<std::uint8_t>(bytes[i]);
  return value;
}

/// Two's complement of up to eight bytes.
std::int64_t Machine::take_signed(std::size_t count) {
  if (count == 0) return 0;
  const std::size_t unused_bits = 64 - 8 * count;
  return static_cast<std::int64_t>(take_unsigned(count) << unused_bits) >> unused_bits;
}

void Machine::push(Id id) {
  if (stack_.size() == most_on_stack) fail("the stack overflows");
  stack_.push_back(id);
}

void Machine::push(Node node) {
  tree_.nodes.push_back(std::move(node));
  push(static_cast<Id>(tree_.nodes.size() - 1));
}

Id Machine::pop() { return pop(1).front(); }

std::vector<Id> Machine::pop(std::size_t count) {
  const std::size_t bottom = marks_.empty() ? 0 : marks_.back();
  if (stack_.size() - bottom < count) fail("the stack has too few values");
  const auto first = stack_.end() - static_cast<std::ptrdiff_t>(count);
  std::vector<Id> values(first, stack_.end());
  stack_.erase(first, stack_.end());
  return values;
}

std::vector<Id> Machine::pop_to_mark() {
  if (marks_.empty()) fail("no mark on the stack");
  std::vector<Id> values = pop(stack_.size() - marks_.back());
  marks_.pop_back();
  return values;
}

Node& Machine::top(Kind kind) {
  const Id id = pop();
  stack_.push_back(id);
  Node& node = tree_.nodes[id];
  if (node.kind != kind) fail("a value has the wrong type");
  return node;
}

void Machine::remember(std::uint64_t index) {
  const Id id = pop();
  stack_.push_back(id);
  if (index >= most_remembered) fail("remembers too many values");
  if (index >= remembered_.size()) remembered_.resize(index + 1, nothing);
  remembered_[index] = id;
}

void Machine::recall(std::uint64_t index) {
  if (index >= remembered_.size() || remembered_[index] == nothing) {
    fail("recalls a value that was not remembered");
  }
  push(remembered_[index]);
}

void Machine::push_text() {
  const std::uint64_t length = take_unsigned(4);
  if (length > longest_text) fail(concat("a text of ", length, " bytes"));
  push({.kind = Kind::text, .text = std::string(take(length))});
}

void Machine::push_global() {
  const std::string_view module = take_line();
  const std::string name = concat(module, ".", take_line());
  if (std::find(allowed_globals_.begin(), allowed_globals_.end(), name) == allowed_globals_.end()) {
    refuse(concat("call ", name));
  }
  push({.kind = Kind::global, .text = name});
}

void Machine::append(const std::vector<Id>& items) {
  Node& list = top(Kind::list);
  list.items.insert(list.items.end(), items.begin(), items.end());
}

void Machine::set(const std::vector<Id>& keys_and_values) {
  if (keys_and_values.size() % 2 != 0) fail("a key without value");
  Node& dictionary = top(Kind::dictionary);
  dictionary.items.insert(dictionary.items.end(), keys_and_values.begin(), keys_and_values.end());
}

void Machine::reduce() {
  const Id arguments = pop();
  const Id callable = pop();
  const Node& function = tree_[callable];
  if (function.kind != Kind::global) refuse("call something that is no name");
  if (tree_[arguments].kind != Kind::tuple) fail("arguments that are no tuple");
  if (function.text != ordered_dictionary) {
    push({.kind = Kind::call, .items = {callable, arguments}});
  } else if (tree_[arguments].items.empty()) {
    push({.kind = Kind::dictionary});
  } else {
    fail("an ordered dictionary that is not made empty");
  }
}

/// Attributes of a dictionary (a state dict's `_metadata`): of no use here.
void Machine::build() {
  pop();
  const Id object = pop();
  if (tree_[object].kind != Kind::dictionary) refuse("set the state of an object");
  push(object);
}

void Machine::execute(Opcode opcode) {
  switch (opcode) {
    case Opcode::proto:
      if (take_unsigned(1) != protocol) fail("only pickle protocol 2, torch's own, is read");
      return;
    case Opcode::mark:
      if (marks_.size() == most_on_stack) fail("the stack overflows");
      return marks_.push_back(stack_.size());
    case Opcode::none:
      return push({.kind = Kind::none});
    case Opcode::new_true:
      return push_boolean(true);
    case Opcode::new_false:
      return push_boolean(false);
    case Opcode::binint:
      return push_integer(take_signed(4));
    case Opcode::binint1:
      return push_integer(static_cast<std::int64_t>(take_unsigned(1)));
    case Opcode::binint2:
      return push_integer(static_cast<std::int64_t>(take_unsigned(2)));
    case Opcode::long1: {
      const std::uint64_t count = take_unsigned(1);
      if (count > sizeof(std::int64_t)) fail("an integer of more than 64 bits");
      return push_integer(take_signed(count));
    }
    case Opcode::binfloat:
      take(sizeof(double));
      return push({.kind = Kind::number});
    case Opcode::binunicode:
      return push_text();
    case Opcode::empty_tuple:
      return push({.kind = Kind::tuple});
    case Opcode::tuple1:
      return push({.kind = Kind::tuple, .items = pop(1)});
    case Opcode::tuple2:
      return push({.kind = Kind::tuple, .items = pop(2)});
    case Opcode::tuple3:
      return push({.kind = Kind::tuple, .items = pop(3)});
    case Opcode::tuple:
      return push({.kind = Kind::tuple, .items = pop_to_mark()});
    case Opcode::empty_list:
      return push({.kind = Kind::list});
    case Opcode::append:
      return append(pop(1));
    case Opcode::appends:
      return append(pop_to_mark());
    case Opcode::empty_dict:
      return push({.kind = Kind::dictionary});
    case Opcode::setitem:
      return set(pop(2));
    case Opcode::setitems:
      return set(pop_to_mark());
    case Opcode::binget:
      return recall(take_unsigned(1));
    case Opcode::long_binget:
      return recall(take_unsigned(4));
    case Opcode::binput:
      return remember(take_unsigned(1));
    case Opcode::long_binput:
      return remember(take_unsigned(4));
    case Opcode::global:
      return push_global();
    case Opcode::reduce:
      return reduce();
    case Opcode::build:
      return build();
    case Opcode::binpersid:
      return push({.kind = Kind::persistent, .items = pop(1)});
    case Opcode::stop:
      break;  // ends the loop in run()
  }
  refuse(concat("use opcode ", hexadecimal(static_cast<std::uint8_t>(opcode)), " (byte ",
                opcode_at_, ")"));
}

Tree Machine::run() {
  if (!pickle_.starts_with(static_cast<char>(Opcode::proto))) fail("not a pickle of protocol 2");
  for (std::size_t count = 0; count < most_opcodes; ++count) {
    opcode_at_ = at_;
    const auto opcode = static_cast<Opcode>(take_unsigned(1));
    if (opcode != Opcode::stop) {
      execute(opcode);
      continue;
    }
    tree_.root = pop();
    if (!stack_.empty() || !marks_.empty()) fail("values are left on the stack");
    if (at_ != pickle_.size()) fail("bytes follow the end");
    return std::move(tree_);
  }
  fail(concat("more than ", most_opcodes, " opcodes"));
}

}  // namespace

Tree parse(std::string_view pickle, std::span<const std::string_view> allowed_globals,
           const std::filesystem::path& file) {
  return Machine(pickle, allowed_globals, file).run();
}

}  // namespace rppg::io::pickle
