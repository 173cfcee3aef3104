module zhengyin.example/kiosk

go 1.19
