"""Makes a model for the real llama.cpp server that needs no training: a Markov chain over tokens.

  make_model.py script OUT.gguf ANSWER.txt   answers every chat with exactly ANSWER.txt
  make_model.py endless OUT.gguf             answers every chat with letters until a limit or a cancel

One layer whose attention and feed-forward parts are zero, and embeddings with a single one in them: what comes after a
token depends on that token alone.
"""

import re
import sys

import gguf
import numpy as np

LIKELY = 20.0
UNLIKELY = -30.0
SPECIAL = ["<|im_start|>", "<|im_end|>", "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"]


def pieces(text):
    """The text in pieces of which no two are alike, so that each has one successor."""
    seen, chain, piece = set(), [], ""
    for part in re.findall(r"\n[ \t]*|[ \t]*\w+|[ \t]*[^\w\s]+|\s", text):
        piece += part
        if piece not in seen:
            seen.add(piece)
            chain.append(piece)
            piece = ""
    while piece:
        piece = chain.pop() + piece
        if piece not in chain:
            chain.append(piece)
            piece = ""
    return chain


def main():
    kind, out = sys.argv[1:3]
    types = gguf.TokenType
    tokens = [("<unk>", 0.0, types.UNKNOWN), ("<s>", 0.0, types.CONTROL), ("</s>", 0.0, types.CONTROL)]
    tokens += [("<0x%02X>" % byte, 0.0, types.BYTE) for byte in range(256)]
    special = {name: len(tokens) + idx for idx, name in enumerate(SPECIAL)}
    tokens += [(name, 0.0, types.CONTROL) for name in SPECIAL]
    first = len(tokens)
    following = {}
    if kind == "script":
        chain = pieces(open(sys.argv[3], encoding="utf-8").read())
        tokens += [(piece.replace(" ", "\u2581"), -1e6, types.NORMAL) for piece in chain]
        last = first + len(chain) - 1
        for token in range(first, last):
            following[token] = token + 1
        following[last] = special["<|im_end|>"]
    else:
        tokens += [("word%d " % idx, -1e6, types.NORMAL) for idx in range(8)]
        for idx in range(8):
            following[first + idx] = first + (idx + 1) % 8
    # The template ends a prompt with this token, and with nothing else.
    following[special["<|fim_middle|>"]] = first
    for byte in range(256):
        following[3 + byte] = first

    n_vocab = len(tokens)
    width = (n_vocab + 31) // 32 * 32
    writer = gguf.GGUFWriter(out, "llama")
    writer.add_name(kind)
    writer.add_context_length(65536)
    writer.add_embedding_length(width)
    writer.add_block_count(1)
    writer.add_feed_forward_length(32)
    writer.add_head_count(width // 32)
    writer.add_head_count_kv(1)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_dimension_count(32)
    writer.add_vocab_size(n_vocab)
    writer.add_file_type(0)
    writer.add_tokenizer_model("llama")
    writer.add_token_list([text.encode() for text, _, _ in tokens])
    writer.add_token_scores([score for _, score, _ in tokens])
    writer.add_token_types([int(kind) for _, _, kind in tokens])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(special["<|im_end|>"])
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(False)
    writer.add_add_space_prefix(False)
    for name, token in [("pre", "prefix"), ("suf", "suffix"), ("mid", "middle")]:
        writer.add_uint32("tokenizer.ggml.fim_%s_token_id" % name, special["<|fim_%s|>" % token])
    writer.add_chat_template(
        "{%- for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
        "{%- if add_generation_prompt %}<|im_start|>assistant\n<|fim_middle|>{%- endif %}"
    )
    scale = np.sqrt(width)
    embedding = np.zeros((n_vocab, width), np.float32)
    embedding[np.arange(n_vocab), np.arange(n_vocab)] = 1
    output = np.full((n_vocab, width), UNLIKELY / scale, np.float32)
    for token, successor in following.items():
        output[successor, token] = LIKELY / scale
    writer.add_tensor("token_embd.weight", embedding)
    writer.add_tensor("output.weight", output)
    for name in ["output_norm", "blk.0.attn_norm", "blk.0.ffn_norm"]:
        writer.add_tensor(name + ".weight", np.ones(width, np.float32))
    for name, shape in [
        ("attn_q", (width, width)),
        ("attn_k", (32, width)),
        ("attn_v", (32, width)),
        ("attn_output", (width, width)),
        ("ffn_gate", (32, width)),
        ("ffn_up", (32, width)),
        ("ffn_down", (width, 32)),
    ]:
        writer.add_tensor("blk.0.%s.weight" % name, np.zeros(shape, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


main()
