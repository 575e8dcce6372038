using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Plans;
using FuncChat.Web.Chat;
using FuncChat.Web.Http;

namespace FuncChat.Web.Plans;

/// <summary>Reads the body of `POST /api/planning`, which may be anything. The first fault is told with its JSON path.</summary>
public sealed class PlanRequestParser(ModelCatalog models)
{
    private const int LongestQuery = 10_000;
    private const int LongestAnswer = 4_000;
    private const int MostAnswers = 20;

    internal static IReadOnlyList<string> Fields { get; } = ["query", "model", "answers", "turn_id"];

    internal static IReadOnlyList<string> AnswerFields { get; } = ["question", "answer"];

    public Result<TurnBody> Parse(ReadOnlyMemory<byte> body) =>
        JsonBody.Parse(body, root => Read(root, $"plan {JsonBody.Fingerprint(body)}"));

    private Result<TurnBody> Read(JsonElement body, string fingerprint)
    {
        string? query = null, model = null, turnId = null;
        IReadOnlyList<PlanAnswer> answers = [];
        foreach (var field in body.EnumerateObject())
        {
            var path = JsonField.PathTo("$", field.Name);
            var error = field.Name switch
            {
                "query" => JsonField.ReadText(field.Value, path, LongestQuery, out query),
                "model" => JsonField.ReadText(field.Value, path, out model),
                "answers" => ReadAnswers(field.Value, path, out answers),
                "turn_id" => JsonField.ReadTurnId(field.Value, path, out turnId),
                _ => JsonField.Unknown(path, Fields),
            };
            if (error is not null)
                return error;
        }

        if (query is null)
            return JsonField.Fault("$.query", "The question is missing: send a query, such as \"How do tides work?\".");
        if (!models.TryResolve(model, out var resolved, out var unknown))
            return unknown;
        var plan = new PlanTurnRequest { Query = query, Model = resolved.Id, Resolved = resolved, Answers = answers, Fingerprint = fingerprint };
        return new TurnBody(turnId, plan);
    }

    private static AppError? ReadAnswers(JsonElement value, string path, out IReadOnlyList<PlanAnswer> answers)
    {
        answers = [];
        if (value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > MostAnswers)
            return JsonField.Fault(path, $"This must be an array of at most {MostAnswers} answers, each with its question.");

        var read = new List<PlanAnswer>();
        foreach (var entry in value.EnumerateArray())
        {
            var answer = ReadAnswer(entry, $"{path}[{read.Count}]");
            if (!answer.Succeeded)
                return answer.Error;
            read.Add(answer.Value);
        }

        answers = read;
        return null;
    }

    private static Result<PlanAnswer> ReadAnswer(JsonElement entry, string path)
    {
        if (entry.ValueKind != JsonValueKind.Object)
            return JsonField.Fault(path, "This must be an object with a question and an answer.");
        string? question = null, answer = null;
        foreach (var field in entry.EnumerateObject())
        {
            var fieldPath = JsonField.PathTo(path, field.Name);
            var error = field.Name switch
            {
                "question" => JsonField.ReadText(field.Value, fieldPath, LongestAnswer, out question),
                "answer" => JsonField.ReadText(field.Value, fieldPath, LongestAnswer, out answer),
                _ => JsonField.Unknown(fieldPath, AnswerFields),
            };
            if (error is not null)
                return error;
        }

        if (question is null)
            return JsonField.Fault($"{path}.question", "The question that this answers is missing.");
        return answer is null ? JsonField.Fault($"{path}.answer", "The answer is missing.") : new PlanAnswer(question, answer);
    }
}
