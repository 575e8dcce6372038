using System.Text;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace FuncChat.Tests.Engine.Models.Catalog;

public sealed class ReportedModelTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData("""{"id":"a"}""", "a")]
    [InlineData("""{"id":"models/gemini-x"}""", "gemini-x")]
    [InlineData("""{"id":"text-embedding-3-large"}""", "")]
    [InlineData("""{"id":"whisper-1"}""", "")]
    [InlineData("""{"id":"a","active":false}""", "")]
    [InlineData("""{"id":"a name"}""", "")]
    [InlineData("""{"name":"a"}""", "")]
    public void List_has_the_models_for_chats(string model, string name) =>
        Assert.Equal(name, string.Concat(Read($"{{\"data\":[{model}]}}")!.Select(read => read.Name)));

    [Theory]
    [InlineData("""{"id":"a","architecture":{"input_modalities":["text"]},"supported_parameters":["tools"],"context_length":8}""", false, true, false, 8)]
    [InlineData("""{"id":"a","architecture":{"input_modalities":["text","image"]},"supported_parameters":["reasoning"]}""", true, false, true, null)]
    [InlineData("""{"id":"a","capabilities":{"vision":false,"function_calling":true},"max_context_length":9}""", false, true, null, 9)]
    [InlineData("""{"id":"a","context_window":7}""", null, null, null, 7)]
    [InlineData("""{"id":"a","capabilities":{"image_input":{"supported":true},"thinking":{"supported":true}},"max_input_tokens":6}""", true, null, true, 6)]
    [InlineData("""{"id":"a","providers":[{"supports_tools":false},{"supports_tools":true}]}""", null, true, null, null)]
    public void Capabilities_are_read_in_the_form_of_each_provider(string model, bool? images, bool? tools, bool? reasoning, int? context)
    {
        var read = Assert.Single(Read($"{{\"data\":[{model}]}}")!).Capabilities;

        Assert.Equal((images, tools, reasoning, (long?)context), (read.Images, read.Tools, read.Reasoning, read.ContextLength));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("<html>")]
    [InlineData("""{"data":{}}""")]
    public void Document_of_another_kind_is_no_list(string json) => Assert.Null(Read(json));

    [Fact]
    public async Task Reported_models_are_listed_and_found_by_their_plain_names()
    {
        var catalog = Catalog(_ => Task.FromResult<IReadOnlyList<ReportedModel>?>([new("llama3.2:3b", new() { Images = false })]));
        Assert.Empty(catalog.All);

        var listed = await catalog.ListAsync(CancellationToken.None);

        var model = Assert.Single(listed);
        Assert.Equal(("x:llama3.2:3b", true, false), (model.Id, model.IsDefault, model.Capabilities!.Images));
        Assert.True(catalog.TryResolve("llama3.2:3b", out var resolved, out _));
        Assert.False(resolved.Capabilities.Images);
    }

    [Fact]
    public async Task Provider_is_asked_once_an_hour_and_keeps_its_list_while_it_is_away()
    {
        var asked = 0;
        var catalog = Catalog(_ => ++asked == 1 ? Task.FromResult<IReadOnlyList<ReportedModel>?>([new("a", new())]) : throw new HttpRequestException());

        await catalog.ListAsync(CancellationToken.None);
        await catalog.ListAsync(CancellationToken.None);
        Assert.Equal(1, asked);
        _time.Advance(TimeSpan.FromHours(1));
        await catalog.ListAsync(CancellationToken.None);
        await catalog.RefreshedAsync();

        Assert.Equal(2, asked);
        Assert.Equal("x:a", Assert.Single(catalog.All).Id);
    }

    [Fact]
    public async Task First_listing_waits_for_a_moment_only()
    {
        var never = new ManualSignal();
        var catalog = Catalog(async token =>
        {
            await never.WaitAsync(token);
            return null;
        });

        var listing = catalog.ListAsync(CancellationToken.None);
        while (!listing.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Empty(await listing);
    }

    [Theory]
    [InlineData("gpt-99", true)]
    [InlineData("meta-llama/Llama-3.3-70B-Instruct:fastest", true)]
    [InlineData("@cf/meta/llama-3", true)]
    [InlineData("has space", false)]
    [InlineData("line\nend", false)]
    [InlineData("ä", false)]
    public void Name_that_is_not_listed_has_letters_of_a_closed_set(string name, bool isValid)
    {
        var catalog = Catalog(null);

        Assert.Equal(isValid, catalog.TryResolve($"x:{name}", out _, out _));
        Assert.False(catalog.TryResolve($"x:{new string('m', 129)}", out _, out _));
        Assert.True(catalog.TryResolve($"x:{new string('m', 128)}", out _, out _));
    }

    private static IReadOnlyList<ReportedModel>? Read(string json) => ModelListJson.Read(Encoding.UTF8.GetBytes(json));

    private ModelCatalog Catalog(Func<CancellationToken, Task<IReadOnlyList<ReportedModel>?>>? list) => new(
        [new ModelProvider(new ProviderModels("x", [], TakesAny: true), Mock.Of<IModel>(), model => model) { ListModels = list }], null, _time);
}
