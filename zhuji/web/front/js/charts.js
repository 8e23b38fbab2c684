// Draws every <figure data-chart="id"> from the JSON beside it. Loaded on pages with charts only.
import * as echarts from "echarts/core";
import { BarChart, BoxplotChart, HeatmapChart, LineChart, MapChart, ScatterChart } from "echarts/charts";
import { AriaComponent, GeoComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import { CanvasRenderer } from "echarts/renderers";
import { option } from "./option.js";

echarts.use([BarChart, BoxplotChart, HeatmapChart, LineChart, MapChart, ScatterChart, AriaComponent, GeoComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent, VisualMapComponent, CanvasRenderer]);

const still = window.matchMedia("(prefers-reduced-motion: reduce)");
const drawn = new Map();

function spec(figure) {
  const data = document.getElementById(figure.dataset.chart);
  return data ? JSON.parse(data.textContent) : null;
}

function draw(figure) {
  const place = figure.querySelector(".chart-canvas");
  const told = spec(figure);
  if (!place || !told) return;
  if (told.map) echarts.registerMap(told.map.name, told.map.shapes);
  const chart = drawn.get(figure) || echarts.init(place, null, { renderer: "canvas" });
  drawn.set(figure, chart);
  chart.setOption(option(told, { width: place.clientWidth, still: still.matches }), true);
  if (!figure.dataset.watched) watch(figure, place, chart);
}

function watch(figure, place, chart) {
  figure.dataset.watched = "yes";
  let width = place.clientWidth;
  new ResizeObserver(() => {
    chart.resize();
    if (Math.abs(place.clientWidth - width) > 80) draw(figure);
    width = place.clientWidth;
  }).observe(place);
  chart.on("click", (event) => {
    const told = spec(figure);
    const href = told.hrefs?.[event.dataIndex] || event.data?.href;
    if (href && href.startsWith("/")) location.assign(href);
  });
  const button = figure.querySelector("[data-chart-png]");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => keep(figure, chart));
}

function keep(figure, chart) {
  const paper = getComputedStyle(figure).getPropertyValue("--paper").trim();
  const link = document.createElement("a");
  link.href = chart.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: paper });
  link.download = (figure.querySelector("figcaption")?.firstChild?.textContent.trim() || "chart") + ".png";
  link.click();
}

function drawAll() {
  for (const [figure, chart] of drawn) {
    if (figure.isConnected) continue;
    chart.dispose();
    drawn.delete(figure);
  }
  document.querySelectorAll("figure[data-chart]").forEach(draw);
}

drawAll();
document.addEventListener("htmx:afterSettle", drawAll);
document.documentElement.addEventListener("zhuji:theme", drawAll);
window.addEventListener("beforeprint", drawAll);
