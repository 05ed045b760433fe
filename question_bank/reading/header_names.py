# ruff: noqa: E501  (names stand in columns of their own)
"""The names that column headers bear in the files of others, by the part they play."""

NUMBER, KIND, STEM, OPTIONS, KEY = "number", "kind", "stem", "options", "key"
EXPLANATION, SOURCE, DOMAIN, DIFFICULTY, CHECKED, VALID, TAGS, IGNORED = (
    "explanation", "source", "domain", "difficulty", "checked_on", "valid_until", "tags", "ignored",
)  # fmt: skip
OPTION, FLAG, WRONG, INDEX, LABEL = "option", "flag", "wrong", "index", "label"
"""One option; whether an option is right; a wrong option; the number of the right option; the letter of an option."""

ALIASES = {
    NUMBER:
        "序号 编号 题号 号 no no. id number question# xuhao # 试题编号 题目编号 题目序号 试题序号 question_id questionid "
        "num index qid 题目id 试题id 问题id 题目编码 试题编码 question_no question_number questionnumber",
    KIND:
        "题型 类型 试题类型 题目类型 题型名称 试题题型 题类 问题类型 type question_type questiontype kind "
        "题目题型 类别 item_type 题目类别 试题类别 问题题型 题型代码 题型编码 question-type qtype 试题种类 题种 大题题型 tixing leixing",
    STEM:
        "题干 题目 试题内容 试题题干 题目内容 问题 试题 大题题干 题干内容 题目名称 试题名称 题目题干 问题内容 "
        "题目描述 内容 试题标题 标题 题面 question title content stem question_text questiontext questioncontent "
        "question_title questiontitle 试题正文 题干描述 name question_content 试题描述 考题 试题题目 问题描述 "
        "考题内容 题目标题 问题题干 问题标题 题干文本 text prompt 测试题 tigan timu 题文 小题题干 考试题目 "
        "竞赛题目 试题(题干) 正文 知识点题目 问题(题干) question_stem questionstem questionbody question_body",
    OPTIONS:
        "选项 试题选项 选项内容 备选项 答案选项 备选答案 题目选项 可选项 候选项 option options choices "
        "optioncontent 选择项 可选答案 选项列表 option_content answers 选项描述 xuanxiang 全部选项 供选答案 "
        "answeroptions answer_options 待选项 选项集 选项(用|隔开) option_text optiontext option_value 选项文本 选项文字 选项名称 "
        "选项值 answer_text answertext choice_text choicetext",
    KEY:
        "答案 正确答案 标准答案 参考答案 正确选项 试题答案 题目答案 答案内容 正确 本题答案 正确项 答题答案 "
        "answer answers_key key correct correct_answer correctanswer rightanswer right_answer questionanswer "
        "correctanswers correct_answers 参考答案要点 answerkey 答 正确答案选项 solution correct_option "
        "correctoption 试题标准答案 题目正确答案 daan 标答 question_answer standard_answer standardanswer 正解 "
        "答案选择 选择答案 right answer_key true_answer correct_answer(s) right_answers 正确答案(文字) 标准答案要点 正确的答案 对错 正误 结果 答案要点 correct_choice 答案(必填) anwser correct_ans correctans correctoptions correct_options 正确项 right_option rightoption correctchoice answer_letter correct_letter",
    EXPLANATION:
        "解析 答案解析 试题解析 题目解析 解释 答案说明 分析 试题分析 explanation analysis explain "
        "questionexplain 详解 答案详解 题解 解题思路 feedback 评析 习题解析 答题解析 解析说明 rationale jiexi "
        "整体解析 说明 讲解 注解",
    SOURCE:
        "来源 依据 出处 试题来源 题目来源 法规依据 参考依据 source reference 题目出处 试题依据 命题依据 教材依据 "
        "引用 考核依据 出题依据 知识来源 题目依据",
    DOMAIN:
        "领域 章节 目录 分类 知识点 所属题库 所属章节 题库分类 试题分类 题目分类 科目 专业 类目 category chapter "
        "domain subject topic 所属分类 所属目录 知识点名称 章 考点 模块 课程 题库 所属知识点 题库名称 知识分类 "
        "单元 试题目录 知识领域 classify",
    DIFFICULTY:
        "难度 难易度 题目难度 试题难度 难易程度 难度等级 难度系数 难易 difficulty level 等级 难度级别 nandu",
    FLAG:
        "是否正确 是否正确答案 是否为正确答案 是否答案 是否为答案 是否正确选项 正确与否 正误标记 is_correct iscorrect is_answer "
        "isanswer is_right isright √ ✓ ✔ iscorrectanswer is_correct_answer correct_flag 是否标准答案",
    INDEX:
        "correct_index correctindex answer_index answerindex correct_option_index correctoptionindex correct_answer_index "
        "correctanswerindex correct_idx answer_idx correctidx answeridx 正确答案索引 答案索引 正确选项索引 正确答案下标 答案下标 "
        "正确选项下标 correct_choice_index correctchoiceindex",
    LABEL:
        "选项标号 选项序号 选项字母 选项编号 选项标识 选项号 选项代码 选项代号 选项标签 option_label optionlabel option_letter "
        "optionletter option_key optionkey option_no option_number option_order choice_label option_code label",
    CHECKED:
        "核对日期 核对时间",
    VALID:
        "有效期至 有效期",
    TAGS:
        "标签 知识标签 试题标签 题目标签 问题标签 知识点标签 tag tags labels question_tags questiontags",
    IGNORED:
        "分值 分数 得分 本题分值 score points mark marks 题目分值 备注 status 状态 timelimit timelimit(sec) time "
        "时间 创建时间 出题人 审核人 选项数 选项个数 答案个数 空数 单位 部门 imagelink 图片 图片链接 image "
        "建议分值 试题分数 出题单位 选项数量 默认分值 remark 关键字 audio video 命题人 作者 author 使用次数 版本 "
        "序列 考试时间 答题时间 time_limit 小题分数 每题分值 我的答案 你的答案 学生答案 考生答案 用户答案 作答 作答答案 "
        "my_answer your_answer user_answer youranswer myanswer useranswer selected selected_answer timeinseconds 乱序 无序 "
        "option_id optionid 选项id quiz_id quizid 是否乱序 选项乱序 是否必答 必答 created_at updated_at image_url 题目图片 "
        "启用 是否启用 enabled 漏选得分 部分得分 评分规则 判分规则 计分方式 计分规则",
}  # fmt: skip

KIND_NAMES = {"判断题", "单选题", "多选题", "填空题", "简答题", "问答题", "选择题", "单项选择题", "多项选择题"}

WEAK = {
    "标题", "试题标题", "title", "name", "内容", "content", "text", "类别", "类型", "type", "kind", "正确", "答", "right",
    "结果", "说明", "分析", "分类", "试题", "question", "选项", "对错", "正误", "correct", "label", "question_id", "answers",
}  # fmt: skip
"""Names that give way to a plainer one in the same row: 标题 beside 题干, 类别 beside 题型."""

WEAKEST = {"标题", "试题标题", "title", "name"}
"""Names of stems that give way to the other weak ones, too: title beside question."""
