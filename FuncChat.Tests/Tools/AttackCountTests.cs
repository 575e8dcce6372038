using System.Globalization;
using System.Reflection;
using FuncChat.Tests.Support;
using FuncChat.Tests.Tools.JavaScript;
using FuncChat.Tests.Tools.Scrape;

namespace FuncChat.Tests.Tools;

/// <summary>The numbers of attacks in docs/tools.md are those of the tests.</summary>
public sealed class AttackCountTests
{
    public static TheoryData<string, int> Rows => new()
    {
        { "Scripts that do not end", CasesOf<HostileScriptTests>(nameof(HostileScriptTests.Script_is_stopped_when_it_does_not_end)) },
        { "Scripts that fill the memory", CasesOf<HostileScriptTests>(nameof(HostileScriptTests.Script_is_stopped_when_it_takes_too_much_memory)) },
        { "Requests for more memory", CasesOf<HostileScriptTests>(nameof(HostileScriptTests.Script_gets_an_error_when_it_asks_for_more_than_there_can_be)) },
        { "Endless recursion", CasesOf<HostileScriptTests>(nameof(HostileScriptTests.Script_gets_an_error_when_it_recurses_for_ever)) },
        { "Reaching the host from the script", CasesOf<ScriptEngineTests>(nameof(ScriptEngineTests.Script_reaches_nothing_of_the_host)) },
        {
            "Traps and getters",
            CasesOf<ScriptValueTests>(nameof(ScriptValueTests.Value_is_text_when_json_cannot_say_it), "{ throw ")
            + CasesOf<ScriptValueTests>(nameof(ScriptValueTests.Value_is_read_and_not_asked_for_when_the_script_has_replaced_what_could_be_asked))
            + CasesOf<ScriptValueTests>(nameof(ScriptValueTests.Value_is_read_as_it_is_when_the_script_reaches_for_the_realm_that_reads_it))
        },
        { "Forbidden system calls", ForbiddenCalls.All.Count + 1 },
        {
            "Hostile PDFs",
            CasesOf<PdfReaderTests>(nameof(PdfReaderTests.Bomb_ends_its_own_process_only))
            + CasesOf<PdfReaderTests>(nameof(PdfReaderTests.Page_tree_that_contains_itself_ends))
            + CasesOf<PdfReaderTests>(nameof(PdfReaderTests.Form_that_draws_itself_ends))
            + CasesOf<PdfReaderTests>(nameof(PdfReaderTests.Deeply_nested_arrays_end_their_own_process_only))
            + CasesOf<PdfReaderTests>(nameof(PdfReaderTests.Damaged_pdf_is_reported_as_such))
        },
        {
            "Output that imitates the protocol",
            CasesOf<HostileScriptTests>(nameof(HostileScriptTests.Output_stays_output_when_it_imitates_the_protocol))
            + CasesOf<HostileScriptTests>(nameof(HostileScriptTests.Output_is_cut_when_it_does_not_end))
            + CasesOf<HostileScriptTests>(nameof(HostileScriptTests.Code_arrives_as_it_is_when_it_holds_anything))
            + CasesOf<ScriptValueTests>(nameof(ScriptValueTests.Value_is_cut_with_a_note_when_it_is_longer_than_the_limit))
        },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Document_has_the_number_of_attacks_in_the_tests(string row, int count)
    {
        var line = File.ReadAllLines(Repository.PathOf("docs/tools.md")).Single(line => line.StartsWith($"| {row}", StringComparison.Ordinal));

        Assert.Equal(count, int.Parse(line.Split('|')[2], CultureInfo.InvariantCulture));
    }

    /// <summary>The cases of a test, or those whose first argument contains a text.</summary>
    private static int CasesOf<T>(string test, string part = "")
    {
        var method = typeof(T).GetMethod(test)!;
        var cases = method.GetCustomAttributes<InlineDataAttribute>().Select(data => data.GetData(method).Single()).ToList();
        return cases.Count == 0 ? 1 : cases.Count(data => data[0] is string text && text.Contains(part, StringComparison.Ordinal));
    }
}
