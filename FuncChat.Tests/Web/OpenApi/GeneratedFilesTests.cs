using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FuncChat.Tests.Support;
using FuncChat.Tests.Web.OpenApi.Generation;
using FuncChat.Web.Formats;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Web.OpenApi;

/// <summary>
/// The committed files that are generated from the API's records. Set UPDATE_DOCS=1 to write them; run again after a build, since openapi.json is
/// embedded in the server.
/// </summary>
public sealed class GeneratedFilesTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void OpenApi_document_is_the_one_that_the_code_generates() =>
        AssertGenerated(Document().ToJsonString(Indented) + "\n", "FuncChat.Web", "OpenApi", "openapi.json");

    [Fact]
    public void Event_types_of_the_page_are_those_that_the_code_generates() =>
        AssertGenerated(TypeScriptGenerator.Generate(Document()), "staticwebapp", "src", "api", "events.gen.ts");

    private static JsonObject Document()
    {
        using var services = TestEngine.Create(services => services.AddWireFormats());
        return OpenApiGenerator.Generate(services.GetRequiredService<WireFormats>());
    }

    private static void AssertGenerated(string expected, params string[] path)
    {
        var file = Repository.PathOf(path);
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
            File.WriteAllText(file, expected);

        Assert.Equal(expected, File.ReadAllText(file));
    }
}
