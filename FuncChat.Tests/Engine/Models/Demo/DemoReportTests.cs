using FuncChat.Engine.Models.Demo;

namespace FuncChat.Tests.Engine.Models.Demo;

public sealed class DemoReportTests
{
    [Fact]
    public void Report_lists_what_a_search_found_with_links()
    {
        var report = Report("search_web", """
            {"query":"bridges","results":[
              {"title":"Long [bridges] & <b>more</b>","url":"https://a.test/x_(y)?q=1","description":"They are\nlong."},
              {"title":"Bad","url":"javascript:alert(1)"},
              {"url":"https://b.test"}]}
            """);

        Assert.Contains("for “bridges”", report, StringComparison.Ordinal);
        Assert.Contains(@"1. [Long \[bridges\] & \<b\>more\</b\>](<https://a.test/x_(y)?q=1>) – They are long.", report, StringComparison.Ordinal);
        Assert.Contains("2. Bad\n", report, StringComparison.Ordinal);
        Assert.Contains("3. [https://b.test](<https://b.test/>)", report, StringComparison.Ordinal);
        Assert.DoesNotContain("javascript:", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_says_that_a_search_found_nothing()
    {
        Assert.Contains("No results.", Report("search_web", """{"results":[]}"""), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_says_kindly_that_there_may_be_no_network_when_a_search_fails()
    {
        var report = Report("search_web", """{"error":"No search provider answered."}""");

        Assert.Contains("`search_web` failed: No search provider answered.", report, StringComparison.Ordinal);
        Assert.Contains("no Internet connection", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_says_it_once_when_several_fail()
    {
        const string Error = """{"error":"No host."}""";

        var report = DemoReport.Of([new("search_web", Error), new("scrape_web_content", Error), new("execute_javascript", Error)]);

        Assert.Equal(2, report.Split("no Internet connection").Length);
        Assert.DoesNotContain("Internet", DemoReport.Of([new("execute_javascript", Error)]), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_gives_a_page_by_its_first_sentences()
    {
        var report = Report("scrape_web_content", """
            {"url":"https://a.test/","title":"A page","content":"# A page\n\nOne [link](https://b.test) here. Two, e.g. this! Three? Four. Five."}
            """);

        Assert.Contains("**[A page](<https://a.test/>)**", report, StringComparison.Ordinal);
        Assert.EndsWith("One link here. Two, e.g. this! Three?", report, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"result":"a","console":[]}""", "The script returned `a`.")]
    [InlineData("""{"result":[1,2],"console":["x","~~~~~~"]}""", "The script returned `[1,2]`. It printed:\n\n~~~~~~\nx\n~~~\n~~~~~~")]
    [InlineData("""{"result":"two\nlines","console":[]}""", "~~~~~~\ntwo\nlines\n~~~~~~")]
    [InlineData("""{"result":391}""", "The script returned `391`.")]
    [InlineData("""{"console":[]}""", "The script returned `undefined`.")]
    [InlineData("""{"error":"SyntaxError at line 1"}""", "failed: SyntaxError at line 1")]
    public void Report_gives_what_a_script_gave(string content, string expected)
    {
        Assert.Contains(expected, Report("execute_javascript", content), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_gives_an_answer_with_its_sources_and_what_failed()
    {
        var report = Report("research", """
            {"answer":"Tides come and go [1].","sources":[{"n":1,"title":"Tides","url":"https://a.test/"}],
             "failed":[{"url":"https://b.test/","error":"404"}],"queries":["tides"]}
            """);

        Assert.Contains("Tides come and go [1].\n\n1. [Tides](<https://a.test/>)\n\nNot read: https://b.test/", report, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no JSON at all")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"results\":[1,null,{}]}")]
    [InlineData("{\"results\":{},\"answer\":5,\"console\":7,\"error\":{}}")]
    [InlineData("{\"answer\":\"x\",\"sources\":[1,{}],\"failed\":[{},null]}")]
    [InlineData("{\"title\":5,\"content\":\"x\",\"url\":\"http://\"}")]
    public void Report_tells_any_result(string content)
    {
        Assert.StartsWith("Here are the results. (This is a scripted demo, not an AI.)\n\n", Report("other", content), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_has_a_part_for_each_result_in_order()
    {
        var report = DemoReport.Of([new("execute_javascript", """{"result":1,"console":[]}"""), new("x", "\"second\"")]);

        Assert.Matches("(?s)returned `1`.*`x` returned `second`", report);
    }

    private static string Report(string tool, string content) => DemoReport.Of([new(tool, content)]);
}
