using System.Text.Json;
using FuncChat.Tools;
using FuncChat.Tools.JavaScript;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FuncChat.Tests.Tools.JavaScript;

public class JavaScriptToolTests
{
    [Fact]
    public async Task Tool_gives_result_and_console()
    {
        var result = await InvokeAsync(new() { ["code"] = "console.log('a', { b: 1 }); [1, 2].map(x => x * 2)" });

        Assert.Equal("""{"result":[2,4],"console":["a { b: 1 }"]}""", JsonSerializer.Serialize(result));
    }

    [Fact]
    public async Task Tool_says_so_when_the_output_was_cut()
    {
        var result = await InvokeAsync(new() { ["code"] = "'x'.repeat(100000)" });

        Assert.True(result.GetProperty("truncated").GetBoolean());
        Assert.EndsWith("… (cut at 20000 characters)", result.GetProperty("result").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tool_fails_with_error_and_console_when_the_script_fails()
    {
        var failure = await Assert.ThrowsAsync<ToolException>(
            () => InvokeAsync(new() { ["code"] = "console.log('one');\nconsole.log('two');\nnull.x" }));

        Assert.Equal(
            "TypeError: Cannot read properties of null (reading 'x')\n    at script.js:3:6\n\nConsole output:\none\ntwo",
            failure.Message);
    }

    [Fact]
    public async Task Tool_fails_when_the_script_runs_out_of_its_time()
    {
        var failure = await Assert.ThrowsAsync<ToolException>(() => InvokeAsync(new() { ["code"] = "while (true);", ["timeout"] = 1 }));

        Assert.Equal("The script ran longer than 1 s and was stopped.", failure.Message);
    }

    [Fact]
    public async Task Tool_refuses_code_that_is_too_long()
    {
        var failure = await Assert.ThrowsAsync<ToolException>(() => InvokeAsync(new() { ["code"] = new string(' ', 200_001) }));

        Assert.Equal("The code has 200001 characters; the limit is 200000.", failure.Message);
    }

    [Fact]
    public async Task Schema_names_code_and_a_timeout_from_1_to_10()
    {
        await using var services = Build([]);
        var schema = services.GetRequiredService<Tool>().Function.JsonSchema;

        Assert.Equal(["code", "timeout"], schema.GetProperty("properties").EnumerateObject().Select(property => property.Name));
        Assert.Equal("""["code"]""", schema.GetProperty("required").GetRawText());
        Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
        var timeout = schema.GetProperty("properties").GetProperty("timeout");
        Assert.Equal(1, timeout.GetProperty("minimum").GetInt32());
        Assert.Equal(10, timeout.GetProperty("maximum").GetInt32());
        Assert.Equal(5, timeout.GetProperty("default").GetInt32());
    }

    [Theory]
    [InlineData("MemoryMegabytes", "1")]
    [InlineData("Concurrency", "0")]
    [InlineData("OutputLimit", "10")]
    public async Task Options_are_refused_when_a_setting_is_out_of_range(string name, string value)
    {
        await using var services = Build(new() { [$"FuncChat:JavaScript:{name}"] = value });

        var failure = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<JavaScriptOptions>>().Value);

        Assert.Contains($"FuncChat__JavaScript__{name}", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> InvokeAsync(Dictionary<string, object?> arguments)
    {
        await using var services = Build(new() { ["FuncChat:JavaScript:WarmSpare"] = "false" });
        return (JsonElement)(await services.GetRequiredService<Tool>().Function.InvokeAsync(Tool.ArgumentsFor(new RecordedToolRun(), arguments)))!;
    }

    private static ServiceProvider Build(Dictionary<string, string?> settings) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(TimeProvider.System)
        .AddJavaScriptTool(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
        .BuildServiceProvider();
}
