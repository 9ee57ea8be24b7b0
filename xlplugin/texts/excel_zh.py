"""What is said about Excel, about installing, removing and examining, in Chinese."""

TEXTS = {
    # the commands
    "cli.install.help": "把工作表函数装进 Excel（Windows，通过 xlwings）或 LibreOffice Calc",
    "cli.uninstall.help": "卸掉已安装的函数；不是本软件的东西一概不动",
    "cli.doctor.help": "检查：装了什么、用哪个 Python、各是什么版本、缺什么、该怎么办",
    "cli.option.install_host": "excel（Windows，通过 xlwings）或 calc（LibreOffice 25.2 及以上）",
    "cli.option.install_book": "excel：把函数装进这一个 .xlsm 工作簿，而不是给所有工作簿用的加载项",
    "cli.option.build_only": "calc：只生成 .oxt 文件，不安装",
    "cli.option.output_extension": "与 --build-only 同用：要写出的 .oxt 文件",
    "cli.option.program": "calc：装在别处的 LibreOffice 的 soffice 文件或 program 文件夹",
    "cli.option.uninstall_host": "excel 或 calc",
    "error.install_option": "{option} 属于 `{command} {belongs}`，不能用于 `{command} {host}`。请去掉它。",
    "error.install_output": "{option} 要与 --build-only 同用：安装时自有去处。",
    "error.install_program": "--build-only 不安装，所以不需要 --program。请去掉其中一个。",
    # steps
    "excel.step.check": "[{number}/{count}] 检查 Excel、Python、xlwings 以及 Excel 的许可设置",
    "excel.step.build": "[{number}/{count}] 用 xlwings 自带的快速开始加载项制作我们的加载项",
    "excel.step.import": "[{number}/{count}] 在后台启动 Excel，把函数导入加载项",
    "excel.step.place": "[{number}/{count}] 把加载项放进 Excel 的启动文件夹",
    "excel.step.load": "[{number}/{count}] 在正在运行的 Excel 里打开它",
    "excel.step.tidy": "[{number}/{count}] 清理",
    "excel.step.settings": "[{number}/{count}] 在 xlwings.conf 里写上本 Python 和我们的模块；其他各行不动",
    "excel.step.copy": "[{number}/{count}] 复制工作簿，在副本上操作",
    "excel.step.import_book": "[{number}/{count}] 在后台启动 Excel，导入 xlwings 的模块和函数，重新录入我们的公式",
    "excel.step.replace": "[{number}/{count}] 用副本替换工作簿",
    "excel.step.remove": "[{number}/{count}] 从 Excel 的启动文件夹取走加载项",
    "excel.step.unset": "[{number}/{count}] 从 xlwings.conf 去掉我们的条目；其他各行不动",
    "excel.found": "    Excel {excel}，Python {python}，xlwings {xlwings}",
    "excel.several": "    装有多个版本的 Excel（{found}）。它们读同一个启动文件夹，加载项对各版本都有效；导入"
    "函数时用的是 Windows 默认启动的那个。",
    "excel.replaces": "    已有 xlplugin {xlplugin}（xlwings {xlwings}）的加载项，将被替换。",
    "excel.loaded": "    已载入；在单元格里输入 =XLP_ 试试。",
    "excel.starts_with_excel": "    下次启动 Excel 时自动载入。",
    "excel.installed": "已安装：{path}\n若工作簿里显示 #NAME?，请点「公式 > xlplugin > 重新录入公式」（或运行"
    "宏 XlpRefresh）。请不要移动这个 Python：加载项要启动它。",
    "excel.book_done": "{path} 现已自带函数。打开它的人需要 Windows、Excel 以及同版本的 xlwings 和 "
    "xlplugin；其他人看到的是数值。",
    "excel.backup": "    原来的工作簿保留为 {path}",
    "excel.refreshed": "重新录入了 {count} 个公式",
    "excel.refreshed_but": "重新录入了 {count} 个公式；受保护的工作表未动：{sheets}",
    "excel.protected": "    受保护的工作表未动：{sheets}。请取消保护后运行宏 XlpRefresh。",
    "excel.uninstalled": "已卸载：{path}。若 Excel 正在运行，请重启。自带函数的工作簿保留函数和数值；要再计算"
    "，需重新运行 `xlplugin install excel --book`。",
    "excel.nothing_installed": "没有安装过本软件的东西（{path} 不存在）。",
    "excel.button": "重新录入公式",
    "excel.button_tip": "把本工作簿里所有 XLP_ 公式重新录入一遍，用于显示 #NAME？ 的工作簿",
    # what stands in the way
    "error.excel_only_windows": "Excel 配经典 xlwings 只能在 Windows 上用，这里是 {found}。本机可用"
    "：LibreOffice（`xlplugin install calc`）、xlwings Lite 工作簿（`xlplugin template NAME --host lite`）或 "
    "`xlplugin recalc`。",
    "error.excel_none": "注册表里找不到 Excel（查过 14.0 到 16.0）。请安装桌面版 Excel，或改用 "
    "LibreOffice：`xlplugin install calc`。",
    "error.excel_needs_xlwings": "Python {python} 里没有 xlwings。请运行：pip install xlwings",
    "error.excel_no_dll": "xlwings {version} 没有把它的库 xlwings64-{version}.dll 放在 {path} 旁边。微软商"
    "店版 Python 和 `pip install --user` 都不会放：请用 python.org 的 Python，建虚拟环境（py -m venv "
    "C:\\xlplugin)，在里面安装 xlplugin 并运行本命令。",
    "error.excel_versions": "xlwings 的 VBA 模块是 {found} 版，程序包是 {wanted} 版：两次安装混在一起了。请"
    "运行：pip install --force-reinstall xlwings=={wanted}",
    "error.excel_trust": "Excel {found} 不允许程序往工作簿里放 VBA。请在 Excel 里：文件 > 选项 > 信任中心 > "
    "信任中心设置 > 宏设置，勾选「信任对 VBA 工程对象模型的访问」，再运行本命令；装完后可以取消勾选。",
    "error.excel_quickstart": "{path} 不存在或与预期不同：这一版 xlwings 改了它的快速开始加载项。请安装本版 "
    "xlplugin 认识的版本：pip install xlwings==0.37.8",
    "error.excel_stranger": "{path} 已存在，但不是本软件的，或已损坏；未动它。请改名或移走后再运行本命令。",
    "error.excel_other_python": "{path} 为用户的 xlwings 工作簿指定了另一个 Python({found})，未动它。请把 "
    "xlplugin 装进那个 Python 并用它运行本命令，或删掉那一行，或不用 --book 而装给所有工作簿（那样不用这个文"
    "件）。本 Python:{wanted}",
    "error.excel_letters": "{path}：Excel 按系统代码页读这个文件，写不下路径 {found}。请把虚拟环境建在名称简"
    "单的文件夹，如 C:\\xlplugin。",
    "error.excel_book_kind": "{path}：只有 .xlsm 能自带函数。请在 Excel 里：文件 > 另存为 > Excel 启用宏的工"
    "作簿，再用那个文件。",
    "error.excel_book_open": "{path} 正在 Excel 里打开。请先关闭。",
    "error.excel_others_functions": "{path} 里已有其他模块的函数（{found}），导入我们的会把它们顶掉，未动它。"
    "请不用 --book，装给所有工作簿。",
    "error.excel_said": "Excel 拒绝了：{found}。请关闭 Excel 的对话框和其他工作簿后再试；`xlplugin doctor` "
    "会列出当前设置。",
    # doctor
    "doctor.xlplugin": "xlplugin {version}",
    "doctor.python": "Python {version}，系统 {system}：{path}",
    "doctor.old_python": "Python {version}：xlplugin 需要 3.11 或更高。请从 python.org 安装新版。",
    "doctor.rulebook": "规则手册：{count} 个方案{own}",
    "doctor.own_rulebook": "，含本单位的文件夹 {path}",
    "doctor.package": "{name} {version}",
    "doctor.extra_missing": "没有 {name}，用不到就不必装。{needs}",
    "doctor.package_missing": "缺少 {name}。请运行：pip install {name}",
    "doctor.engine": "内置引擎（recalc、demo 用）：{name} {version}",
    "doctor.engine_wrong": '内置引擎：装的是 {name} {version}，需要 {wanted}。请运行：pip install "{name}{wanted}"',
    "doctor.engine_fails": "内置引擎：{name} {version} 无法载入（{found}）。请运行：pip install --force-reinstall {name}",
    "doctor.lite": "xlwings Lite：本机无需安装；用 `xlplugin template NAME --host lite` 生成的工作簿自带函数",
    "doctor.heading.base": "xlplugin",
    "doctor.heading.excel": "Excel（通过 xlwings）",
    "doctor.heading.calc": "LibreOffice Calc",
    "doctor.heading.lite": "xlwings Lite",
    "doctor.all_well": "没有要修的。标 · 的仅供了解：只用得着自己那一种软件的安装。",
    "doctor.to_do": "要做的事：{count} 件（标 ✗ 的）。",
    "doctor.excel.elsewhere": "只能在 Windows 上用，这里是 {found}",
    "doctor.excel.none": "注册表里找不到 Excel",
    "doctor.excel.version": "Excel {found}",
    "doctor.excel.library": "xlwings 的库 {version} 在 Excel 会找的地方",
    "doctor.excel.no_library": "{path} 旁边没有 xlwings64-{version}.dll：请用 python.org 的 Python 加虚拟环"
    "境，不要用微软商店版",
    "doctor.excel.trust": "Excel {version} 允许程序往工作簿里放 VBA（只在安装时需要）",
    "doctor.excel.no_trust": "Excel {version} 不允许程序往工作簿里放 VBA；只在安装时需要：信任中心 > 宏设置",
    "doctor.excel.macros_all": "Excel {version} 运行所有宏",
    "doctor.excel.macros_ask": "Excel {version} 运行宏前会询问；启动文件夹默认受信任，除非单位的 IT 改过",
    "doctor.excel.macros_signed": "Excel {version} 只运行有签名的宏：加载项没有签名。请找 IT 人员（docs/it.zh.md）",
    "doctor.excel.macros_none": "Excel {version} 不运行任何宏：函数会显示 #NAME？。请找 IT 人员"
    "(docs/it.zh.md)，或改用 xlwings Lite",
    "doctor.excel.addin": "加载项 {path}：xlplugin {xlplugin}，xlwings {xlwings}，Python {python}",
    "doctor.excel.old_addin": "加载项 {path} 是用 xlplugin {xlplugin} 和 xlwings {xlwings} 做的，与本 "
    "Python 里的不同。请运行：xlplugin install excel",
    "doctor.excel.addin_no_python": "加载项 {path} 要启动的 Python {python} 已不在了，函数无法计算。"
    "请运行：xlplugin install excel",
    "doctor.excel.no_addin": "{path} 里没有加载项。请运行：xlplugin install excel",
    "doctor.excel.stranger": "{path} 不是本软件的，或已损坏。请改名或移走，再运行：xlplugin install excel",
    "doctor.excel.settings_no_python": "{path} 写明的 Python {python} 已不在了，自带函数的工作簿无法计算。"
    "请去掉 INTERPRETER_WIN 那一行，再运行：xlplugin install excel --book 工作簿.xlsm",
    "doctor.excel.settings": "{path} 已写上我们的模块和 Python {python}（供自带函数的工作簿用）",
}
