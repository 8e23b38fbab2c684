// From what a view says of a chart to what ECharts wants: colours from the style sheet, texts as
// rich text (a tooltip made of HTML would need inline styles, which the content policy forbids).
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
const palette = () => [1, 2, 3, 4, 5, 6].map((number) => css("chart-" + number));

const fonts = () => getComputedStyle(document.body).fontFamily;
const letters = () => Math.round(parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.8125);

function shown(value, told) {
  if (value === null || value === undefined || value === "-") return "—";
  const text = Number(value).toLocaleString("en", { maximumFractionDigits: told.decimals ?? 2 });
  return told.unit ? text + (told.unit === "%" ? "%" : " " + told.unit) : text;
}

const axisLook = () => ({
  axisLine: { lineStyle: { color: css("edge") } },
  axisTick: { show: false },
  axisLabel: { color: css("soft"), fontSize: letters(), hideOverlap: true },
  splitLine: { lineStyle: { color: css("line") } },
});

const goals = (told) => ({
  silent: true,
  animation: false,
  symbol: "none",
  data: (told.lines || []).map((line) => ({
    [told.flat ? "xAxis" : "yAxis"]: line.value,
    label: { formatter: line.label, color: css("ink"), position: told.flat ? "start" : "insideEndTop", rotate: 0, fontSize: letters(), textBorderColor: css("paper"), textBorderWidth: 3 },
    lineStyle: { color: css(line.light || "ink"), type: "dashed", width: 1.5 },
  })),
});

const bands = (told) => ({
  silent: true,
  itemStyle: { color: css("edge"), opacity: 0.16 },
  label: { color: css("soft"), position: "insideTopLeft" },
  data: (told.bands || []).map((band) => [{ name: band.label, yAxis: band.low }, { yAxis: band.high }]),
});

// A value may be a number, null (missing: a gap, never a nought) or {value, light, href}.
function point(value) {
  if (value === null) return "-";
  if (typeof value !== "object") return value;
  return { ...value, value: value.value ?? "-", itemStyle: value.light ? { color: css(value.light) } : undefined };
}

function series(one, index, told) {
  const kind = { stacked: "bar", dots: "scatter", box: "boxplot", heat: "heatmap" }[told.kind] || told.kind;
  return {
    name: one.name,
    type: kind,
    data: told.kind === "box" || told.kind === "heat" ? one.values : one.values.map(point),
    stack: told.kind === "stacked" ? "all" : undefined,
    color: one.light ? css(one.light) : undefined,
    barMaxWidth: 28,
    symbol: kind === "line" ? ["circle", "rect", "triangle", "diamond"][index % 4] : undefined,
    symbolSize: kind === "scatter" ? 9 : 7,
    connectNulls: false,
    lineStyle: kind === "line" ? { width: 2.5, type: one.dashed ? "dashed" : "solid" } : undefined,
    label: told.labels ? { show: true, position: told.flat ? "right" : "top", color: css("ink"), fontSize: letters(), textBorderColor: css("paper"), textBorderWidth: 3, formatter: (each) => shown(each.value, told) } : undefined,
    labelLayout: { hideOverlap: true },
    markLine: index === 0 && told.lines ? goals(told) : undefined,
    markArea: index === 0 && told.bands ? bands(told) : undefined,
  };
}

function axes(told, narrow) {
  const names = { type: "category", data: told.x, ...axisLook(), splitLine: { show: false }, inverse: Boolean(told.flat) };
  const values = { type: "value", ...axisLook(), axisLine: { show: false }, min: told.min, max: told.max, scale: told.kind === "line" && told.min === undefined };
  if (told.flat) names.axisLabel = { ...names.axisLabel, interval: 0 }; // each bar by its name
  if (narrow && !told.flat) names.axisLabel = { ...names.axisLabel, rotate: told.x.length > 6 ? 45 : 0 };
  if (told.kind === "heat") {
    const rows = { type: "category", data: told.y, ...axisLook(), splitLine: { show: false } };
    return { xAxis: names, yAxis: rows };
  }
  if (told.kind === "dots" && !told.x) return { xAxis: { ...values, scale: true }, yAxis: { ...values, scale: true } };
  return told.flat ? { xAxis: values, yAxis: names } : { xAxis: names, yAxis: values };
}

function ground(told, still) {
  const text = { color: css("ink"), fontFamily: fonts(), fontSize: letters() };
  return {
    animation: !still,
    animationDuration: 300,
    color: palette(),
    textStyle: text,
    aria: { enabled: true, decal: { show: Boolean(told.patterns) } },
    tooltip: { trigger: ["line", "bar", "stacked"].includes(told.kind) ? "axis" : "item", renderMode: "richText", confine: true, backgroundColor: css("paper"), borderColor: css("line"), textStyle: text, axisPointer: { type: "shadow" }, valueFormatter: (value) => shown(value, told) },
  };
}

export function option(told, { width, still }) {
  const base = ground(told, still);
  if (told.option) return { ...base, ...told.option };
  const named = told.series.filter((one) => one.name);
  const made = {
    ...base,
    grid: { left: 8, right: told.flat && told.labels ? 56 : 16, top: named.length > 1 ? 44 : told.flat && told.lines ? 28 : 20, bottom: told.kind === "heat" ? 56 : 8, containLabel: true },
    legend: named.length > 1 ? { type: "scroll", top: 0, left: 0, textStyle: base.textStyle, itemGap: 18 } : undefined,
    series: told.series.map((one, index) => series(one, index, told)),
  };
  if (told.kind === "map") {
    made.series = made.series.map((one) => ({ ...one, map: told.map.name, roam: false, label: { show: true, color: css("ink") }, itemStyle: { areaColor: css("well"), borderColor: css("edge") }, emphasis: { itemStyle: { areaColor: css("brand-soft") }, label: { color: css("ink") } }, select: { disabled: true } }));
    return made;
  }
  if (told.kind === "heat") made.visualMap = { min: told.min ?? 0, max: told.max ?? 1, calculable: false, orient: "horizontal", left: "center", bottom: 0, textStyle: base.textStyle, inRange: { color: [css("well"), css("chart-1")] } };
  return Object.assign(made, axes(told, width < 480));
}
