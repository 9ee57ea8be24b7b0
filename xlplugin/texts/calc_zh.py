"""What is said about LibreOffice Calc, in Chinese."""

TEXTS = {
    "error.install_kind": "{path}：加载项文件应以 .oxt 结尾，否则 LibreOffice 不认。",
    "calc.title": "xlplugin 案场函数",
    "calc.about": "xlplugin {version}：在 LibreOffice Calc 中使用 XLP_ 开头的函数，"
    "按发布的定级方案给出意向等级、理由和下次联系日。不联网，不收集任何数据。",
    "calc.zero_or_blank": "0或空（单格分不清，请写B2:B2）",
    "calc.installed": "已为 LibreOffice {office} 装好加载项 {version}，并已试算成功（配置文件夹 {path}）。",
    "calc.replaced": "原来的 {before} 版已被替换。",
    "calc.next": "下一步：打开 LibreOffice Calc，在单元格输入 "
    '=XLP_GRADE("purchase_window_habcf";"days_to_purchase";5)，应显示 H。',
    "calc.removed": "已从 LibreOffice {office} 移除 {before} 版加载项（配置文件夹 {path}）。",
    "calc.was_not_there": "LibreOffice {office} 中没有本加载项，无需移除（配置文件夹 {path}）。",
    "calc.stays_for_everyone": "为本机所有用户安装的 {everyone} 版仍在：只有管理员能移除"
    "（unopkg remove --shared {identifier}）。",
    "calc.built": "加载项已写入 {path}。在 LibreOffice 中用「工具 > 扩展」添加它，或双击打开。",
    "calc.step.build": "生成加载项",
    "calc.step.install": "安装",
    "calc.step.try": "试算",
    "calc.state.no_office": "LibreOffice：没有找到。",
    "calc.state.office": "LibreOffice {found}：{path}",
    "calc.state.old_office": "LibreOffice {found}：{path}，版本太旧，.xlsx 里的 XLP_ 函数会显示 #NAME?，"
    "请升级到 25.2 或更新版本。",
    "calc.state.installed": "加载项：已安装 {version} 版。",
    "calc.state.not_installed": "加载项：未安装。请运行 xlplugin install calc。",
    "calc.state.other_version": "加载项：已安装 {version} 版，而本软件包是 {ours} 版。"
    "请运行 xlplugin install calc 更新。",
    "calc.state.newer": "加载项：已安装 {version} 版，比本软件包（{ours} 版）新。请更新本软件包。",
    "calc.state.installed_for_everyone": "加载项：已为本机所有用户安装 {version} 版。",
    "calc.state.other_version_for_everyone": "加载项：已为本机所有用户安装 {version} 版，而本软件包是 {ours} 版。"
    "请管理员更换（见 docs/it.zh.md）。",
    "calc.state.everyone_too": "另有为本机所有用户安装的 {everyone} 版；用户自己安装的版本优先。",
    "error.calc_no_office": "没有找到 LibreOffice。请先安装 LibreOffice {allowed} 或更新版本；"
    "装在别处时请用 --program 指明它的 soffice，或只生成文件（xlplugin install calc --build-only），"
    "再在 LibreOffice 的「工具 > 扩展」里添加。",
    "error.calc_not_there": "{path} 不是 LibreOffice 的程序。请指明它的 soffice 文件或 program 文件夹。",
    "error.calc_too_old": "{path} 是 LibreOffice {found}，需要 {allowed} 或更新版本：在更早的版本（如 7.4）中，"
    ".xlsx 里的 XLP_ 函数打开后显示 #NAME?，保存后的文件在 Excel 中也不能用。请先升级 LibreOffice；未安装任何内容。",
    "error.calc_in_use": "LibreOffice 正在运行（有锁文件 {path}）。请关闭所有 LibreOffice 窗口后再试；"
    "若确实没有运行，请删除该文件。未作任何改动。",
    "error.calc_busy": "另一个 xlplugin 正在安装或移除加载项（配置文件夹 {path}）。请等它完成后再试。未作任何改动。",
    "error.calc_read_only": "LibreOffice 的配置文件夹 {path} 无法写入（{found}）。"
    "请检查文件夹权限和剩余空间，或请管理员安装。未作任何改动。",
    "error.calc_no_python": "{path} 没有 Python 支持，加载项无法运行。"
    "请安装系统的 python3-uno 软件包，或改用官方安装包。未安装任何内容。",
    "error.calc_newer": "已安装较新的 {found} 版加载项，本软件包是 {version} 版。"
    "请更新本软件包；确要换回旧版，请先运行 xlplugin uninstall calc。",
    "error.calc_everyone": "本机已为所有用户安装 {found} 版加载项，LibreOffice 不会在它旁边再启动第二个。"
    "用户无需再安装即可使用；要换成别的版本（本软件包是 {version} 版），请管理员更换（见 docs/it.zh.md）。未作任何改动。",
    "error.calc_failed": "LibreOffice 没有接受加载项（{found}），未留下任何内容。"
    "请关闭 LibreOffice 后再试一次；仍不行请把这句话反馈给我们。",
    "error.calc_failed_older": "LibreOffice 没有接受加载项（{found}），已取出；原来的 {before} 版也随之没有了，"
    "请用它自己的软件包重新安装，并把这句话反馈给我们。",
    "error.calc_not_removed": "LibreOffice 没有移除加载项（{found}）。请在 LibreOffice 的「工具 > 扩展」中移除它。",
}
