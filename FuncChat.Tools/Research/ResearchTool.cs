using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace FuncChat.Tools.Research;

/// <summary>The `research` tool: answers a question from many pages, with sources.</summary>
internal sealed class ResearchTool(IResearchWeb web)
{
    private const int LongestQuestion = 2000;

    public Tool AsTool() => Tool.FromMethod(
        RunAsync,
        "research",
        "Researches a question on the web: plans searches, reads many pages, and writes an answer with numbered sources. It takes minutes. "
        + "Use it for questions that need several sources, and a single search for plain facts.",
        longRunning: true,
        returnsUntrusted: true,
        readOnly: true,
        returnsSources: true);

    private Task<ResearchResult> RunAsync(
        [Description("The question, in full, as a person would ask an expert."), StringLength(LongestQuestion, MinimumLength = 1)] string question,
        IToolRun run,
        [Description("How many pages to read at most."), Range(1, 20)] int max_sources = 6,
        [Description("2 searches again for what the first pages leave open."), Range(1, 2)] int depth = 1,
        CancellationToken cancellationToken = default)
    {
        if (string.IsNullOrWhiteSpace(question) || question.Length > LongestQuestion)
            throw new ToolException($"The question must have 1 to {LongestQuestion} characters.");
        return new ResearchRun(web, run, question.Trim(), max_sources).RunAsync(depth, cancellationToken);
    }
}
