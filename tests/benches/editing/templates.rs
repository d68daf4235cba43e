//! Files written for the measurements: one template per language, repeated with numbers until the file is long enough.

/// How the files of a language are made.
#[derive(Debug)]
pub struct Source {
    /// The language, as the grammar is called.
    pub language: &'static str,
    /// The end of the file's name.
    pub extension: &'static str,
    /// A comment that a colon behind it makes a directive; empty where there are none.
    pub marker: &'static str,
    /// What opens a text that reaches over lines.
    pub quote: &'static str,
    head: &'static str,
    body: &'static str,
    foot: &'static str,
}

impl Source {
    /// At least `n_lines` lines, and less than one repetition more.
    pub fn text(&self, n_lines: usize) -> String {
        let mut text = self.head.to_owned();
        let wanted = n_lines.saturating_sub(self.head.lines().count() + self.foot.lines().count());
        for number in 0..wanted.div_ceil(self.body.lines().count()) {
            text.push_str(&self.body.replace("NN", &number.to_string()));
        }
        text.push_str(self.foot);
        text
    }
}

/// The languages that are measured.
pub const SOURCES: &[Source] = &[
    Source {
        language: "python",
        extension: "py",
        marker: "# ai",
        quote: "\"\"\"",
        head: "# ai keep this file in order\nimport math\nfrom dataclasses import dataclass\n\n\n",
        body: r#"@dataclass
class OrderNN:
    """An order of the café, with its lines."""

    number: int
    prices: list[float]

    def total(self, rate: float = 0.19) -> float:
        # ai sums what is not None
        result = 0.0
        for price in self.prices:
            if price is not None and not math.isnan(price):
                result += price * (1 + rate)
        return round(result, 2)

    def label(self) -> str:
        parts = [f"order {self.number}", "count: " + str(len(self.prices))]
        return ", ".join(part for part in parts if part)


def largest_NN(orders: list[OrderNN]) -> OrderNN | None:
    best = None
    for order in orders:
        if best is None or order.total() > best.total():
            best = order
    return best


"#,
        foot: "",
    },
    Source {
        language: "typescript",
        extension: "ts",
        marker: "// ai",
        quote: "`",
        head: "// ai keep this file in order\nimport { round } from './math';\n\n",
        body: r#"export interface OrderNN {
  id: number;
  prices: (number | null)[];
  note?: string;
}

export class CartNN {
  private readonly orders = new Map<number, OrderNN>();

  add(order: OrderNN): void {
    // ai refuse an order that is there
    if (this.orders.has(order.id)) {
      throw new Error(`order ${order.id} is in the cart of the café`);
    }
    this.orders.set(order.id, order);
  }

  total(rate = 0.19): number {
    let result = 0;
    for (const order of this.orders.values()) {
      const paid = order.prices.filter((price): price is number => price !== null);
      result += paid.reduce((sum, price) => sum + price * (1 + rate), 0);
    }
    return round(result, 2);
  }
}

export const labelNN = (order: OrderNN): string => {
  const parts = ['order', String(order.id), order.note ?? ''];
  return parts.filter((part) => part.length > 0).join(' ');
};

"#,
        foot: "",
    },
    Source {
        language: "tsx",
        extension: "tsx",
        marker: "// ai",
        quote: "`",
        head: "// ai keep this file in order\nimport { useMemo, useState } from 'react';\n\n",
        body: r#"interface RowNNProps {
  title: string;
  prices: number[];
  onPick?: (index: number) => void;
}

export function RowNN({ title, prices, onPick }: RowNNProps) {
  const [isOpen, setOpen] = useState(false);
  // ai sum only what is positive
  const total = useMemo(() => prices.reduce((sum, price) => sum + price, 0), [prices]);
  if (prices.length === 0) {
    return <p className="empty">Nothing in the café today</p>;
  }
  return (
    <section className={isOpen ? 'row open' : 'row'} aria-label={title}>
      <h2 onClick={() => setOpen(!isOpen)}>{`${title}: ${total.toFixed(2)}`}</h2>
      {isOpen && (
        <ul>
          {prices.map((price, index) => (
            <li key={index} onClick={() => onPick?.(index)}>
              <span>{index + 1}</span>
              <b>{price.toFixed(2)}</b>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

"#,
        foot: "",
    },
    Source {
        language: "go",
        extension: "go",
        marker: "// ai",
        quote: "`",
        head: "// ai keep this file in order\npackage orders\n\nimport (\n\t\"fmt\"\n\t\"strings\"\n)\n\n",
        body: r#"// OrderNN is an order of the café.
type OrderNN struct {
	Number int
	Prices []float64
	Notes  map[string]string
}

// TotalNN sums what is to be paid.
func (order *OrderNN) TotalNN(rate float64) (float64, error) {
	// ai refuse what is negative
	result := 0.0
	for index, price := range order.Prices {
		if price < 0 {
			return 0, fmt.Errorf("price %d of order %d is negative", index, order.Number)
		}
		result += price * (1 + rate)
	}
	return result, nil
}

func labelNN(order *OrderNN) string {
	parts := []string{fmt.Sprintf("order %d", order.Number)}
	for key, note := range order.Notes {
		if note != "" {
			parts = append(parts, key+"="+note)
		}
	}
	return strings.Join(parts, ", ")
}

"#,
        foot: "",
    },
    Source {
        language: "json",
        extension: "json",
        marker: "",
        quote: "\"",
        head: "{\n  \"orders\": [\n",
        body: r#"    {
      "number": NN,
      "customer": { "name": "Zoé NN", "city": "Bern", "active": true },
      "prices": [12.5, 3.75, 8, null],
      "notes": [
        "leave it at the door",
        "ring twice"
      ],
      "paid": false
    },
"#,
        foot: "    {}\n  ]\n}\n",
    },
];
