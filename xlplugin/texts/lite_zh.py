"""What is said about workbooks for xlwings Lite, in Chinese."""

TEXTS = {
    "cli.option.template_host": "由谁计算：classic（装有 xlwings 的 Excel、LibreOffice、xlplugin recalc）"
    "、lite（xlwings Lite；函数随工作簿一起走）或 native（只用普通公式，任何表格软件都能重算）",
    "cli.template.lite_next": "用于 xlwings Lite：在 Excel 中打开工作簿，点 xlwings Lite 按钮，再点 Trust and Continue。"
    "没有装 xlwings Lite 的 Excel 照样显示已有的值；LibreOffice 不保留这类公式的值，请为它另做 classic 版。",
    "lite.code.about": "xlplugin {version}：案场意向等级与下次联系日。\n\n"
    "由 `xlplugin template … --host lite` 生成；要改本案场的规则，请改「规则」表，不要改这里。\n"
    "不会下载任何东西：函数和规则手册就是本文件末尾的那段文字。",
}
